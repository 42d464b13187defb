package io.waltap;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.listener.EngineState;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is doing at one moment.
 *
 * @param state what it is doing
 * @param since when it began to, by this machine's clock
 * @param reason why it reconnects or has failed; null in any other state
 * @param received the end of what has arrived from the server; null before the stream is open
 * @param processed the position that is durable: every change committed before it was accepted by
 *     its listener; null until the first snapshot is finished
 * @param delivered how many changes listeners have accepted since the start
 * @param reconnects how often the stream was opened anew since the start
 * @param lag how long a heartbeat takes from the server's log until all changes before it are
 *     processed, by this machine's clock alone; null before the first one
 * @param slot the slot as the server saw it at the last look, one in each heartbeat interval,
 *     whatever the state; null before the first
 */
public record EngineStatus(
    EngineState state,
    Instant since,
    @Nullable String reason,
    @Nullable Lsn received,
    @Nullable Lsn processed,
    long delivered,
    long reconnects,
    @Nullable Duration lag,
    @Nullable SlotStatus slot) {

  /**
   * How many bytes of the server's log lie between the last look at the slot and what is processed;
   * null before the first one.
   */
  public @Nullable Long lagBytes() {
    return slot == null || processed == null
        ? null
        : Math.max(0, slot.current().value() - processed.value());
  }
}

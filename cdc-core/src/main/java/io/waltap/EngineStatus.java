package io.waltap;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.internal.dispatch.Flow;
import io.waltap.internal.engine.ChangeSource;
import io.waltap.internal.engine.Engine;
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
 * @param delivered how many changes listeners have accepted since the start; one that two accepted
 *     counts twice
 * @param skipped how many changes were skipped after failures since the start
 * @param parked how many changes were put into the dead letters since the start, those behind
 *     others included
 * @param paused whether delivery is paused
 * @param backlog what was received and not yet accepted
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
    long skipped,
    long parked,
    boolean paused,
    Backlog backlog,
    long reconnects,
    @Nullable Duration lag,
    @Nullable SlotStatus slot) {

  /**
   * How much was received and not yet accepted. When it has reached its bounds, nothing more is
   * read, and the server keeps the log.
   *
   * @param queued how many changes and ends of transactions wait for their turn
   * @param queuedBytes about how many bytes of the heap these hold
   * @param working how many changes wait for workers and batches, or are at work there
   * @param workingBytes about how many bytes of the heap these hold
   * @param full whether reading waits
   */
  public record Backlog(
      int queued, long queuedBytes, int working, long workingBytes, boolean full) {}

  static EngineStatus of(Engine engine) {
    Flow flow = engine.flow();
    return new EngineStatus(
        engine.state(),
        engine.since(),
        reason(engine),
        engine.received(),
        engine.processed(),
        flow.delivered(),
        flow.skipped(),
        flow.parked(),
        flow.isPaused(),
        backlog(engine, flow),
        engine.reconnects(),
        engine.lag(),
        engine.slot());
  }

  private static Backlog backlog(Engine engine, Flow flow) {
    ChangeSource.Queue queue = engine.queued();
    return new Backlog(
        queue.changes(), queue.bytes(), flow.waiting(), flow.waitingBytes(), engine.isFull());
  }

  private static @Nullable String reason(Engine engine) {
    String waiting = engine.waiting();
    @Nullable Throwable cause = engine.failure();
    return waiting != null || cause == null ? waiting : Failures.describe(cause);
  }

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

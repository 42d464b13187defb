package io.waltap;

import io.waltap.event.Lsn;
import io.waltap.listener.EngineState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an engine is doing at one moment.
 *
 * @param state what it is doing
 * @param since when it began to, by this machine's clock
 * @param received the end of what has arrived from the server; null before the stream is open
 * @param processed the position that is durable: every change committed before it was accepted by
 *     its listener; null until the first snapshot is finished
 * @param delivered how many changes listeners have accepted since the start
 */
public record EngineStatus(
    EngineState state,
    Instant since,
    @Nullable Lsn received,
    @Nullable Lsn processed,
    long delivered) {}

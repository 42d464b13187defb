package io.waltap.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Where and when a change happened.
 *
 * <p>{@code (commitLsn, order)} names a change once and for all: it is the same whenever the change
 * is delivered again, so it serves to recognise a repetition. LSNs of single changes do not:
 * transactions run side by side, so {@code lsn} goes back and forth between them.
 *
 * @param table the table
 * @param lsn the position of the change itself; for a snapshot row, where the snapshot was taken
 * @param commitLsn the position of the commit record of its transaction ({@code pgoutput}'s final
 *     LSN); null for a snapshot row
 * @param transactionId the 32-bit transaction id that {@code pg_current_xact_id()} shows without
 *     its epoch; null for a snapshot row
 * @param commitTime when the transaction committed, by the server's clock; null for a snapshot row
 * @param order the place of the change among those of its transaction in captured tables and, if
 *     anybody listens to them, its logical messages, from 1; 0 for a snapshot row
 * @param snapshot whether the row was read by the snapshot, not streamed
 */
public record ChangeMetadata(
    TableId table,
    Lsn lsn,
    @Nullable Lsn commitLsn,
    @Nullable Long transactionId,
    @Nullable Instant commitTime,
    long order,
    boolean snapshot) {}

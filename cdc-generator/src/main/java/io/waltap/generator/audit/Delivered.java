package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import org.jspecify.annotations.Nullable;

/**
 * A change as a consumer got it.
 *
 * @param lsn of the commit; for a snapshot row, of the snapshot
 * @param transaction the 32-bit transaction id; 0 for a snapshot row
 * @param order the place in the transaction; 0 for a snapshot row
 * @param committed when, in microseconds since 1970; 0 if not known
 * @param arrived when, likewise
 * @param restarted whether the consumer has started, or reconnected, since the change before
 */
record Delivered(
    Operation operation,
    TableId table,
    Lsn lsn,
    long transaction,
    long order,
    long committed,
    long arrived,
    boolean restarted,
    Values key,
    @Nullable Values previousKey,
    @Nullable Values before,
    @Nullable Values after) {

  /** The same, as the first after a restart. */
  Delivered afterRestart() {
    return new Delivered(
        operation,
        table,
        lsn,
        transaction,
        order,
        committed,
        arrived,
        true,
        key,
        previousKey,
        before,
        after);
  }

  /** Microseconds from the commit to the arrival; -1 if not known. */
  long lag() {
    return committed == 0 || arrived == 0 ? -1 : Math.max(0, arrived - committed);
  }

  @Override
  public String toString() {
    return "%s %s %s of transaction %d (commit %s)"
        .formatted(operation, table, key, transaction, lsn);
  }
}

package io.waltap.internal.dispatch;

import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Which changes a listener wants. Looks at texts, not at values.
 *
 * @param changed the columns of which an update has to have changed one; empty for any update. One
 *     that tells nothing of the old row is let through
 */
record Filter(Set<Operation> operations, List<String> changed) {

  boolean wants(Delivery delivery) {
    return operations.contains(delivery.operation())
        && (changed.isEmpty()
            || !(delivery.event() instanceof RowChange change)
            || change.operation() != Operation.UPDATE
            || mayHaveChanged(change));
  }

  private boolean mayHaveChanged(RowChange change) {
    Row before = change.before();
    Row after = change.after();
    return before == null
        || after == null
        || changed.stream().anyMatch(column -> isDifferent(column, before, after));
  }

  // A column that was not sent is one that the update left alone.
  private static boolean isDifferent(String column, Row before, Row after) {
    if (!before.has(column) || !after.has(column)) {
      return true;
    }
    return !after.isUnchanged(column)
        && (before.isUnchanged(column)
            || !Objects.equals(before.getString(column), after.getString(column)));
  }
}

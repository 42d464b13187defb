package io.waltap.generator.audit;

import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether a delivered change is the one that the ledger has. */
final class Verdict {

  private final Map<TableId, Set<String>> exempt;

  /**
   * @param exempt columns that are not compared
   */
  Verdict(Map<TableId, Set<String>> exempt) {
    this.exempt = exempt;
  }

  /** Whether no column of the table is left out of the comparison. */
  boolean comparesAll(TableId table) {
    return !exempt.containsKey(table);
  }

  /** Whether both are the same operation on the same row, whatever its values. */
  boolean sameRow(Expected truth, Delivered change) {
    return truth.operation() == change.operation()
        && truth.shape().table().equals(change.table())
        && difference(truth, truth.present(), change.key(), "the key's ") == null;
  }

  /** Whether both are changes of the same row, whatever was done to it. */
  boolean sameKey(Expected truth, Delivered change) {
    return truth.shape().table().equals(change.table())
        && difference(truth, truth.present(), change.key(), "") == null;
  }

  /** Whether they are the same in all that was delivered. */
  boolean same(Expected truth, Delivered change) {
    return sameRow(truth, change) && difference(truth, change) == null;
  }

  /** How two changes differ, as the end of a sentence. */
  String explain(Expected truth, Delivered change) {
    String difference = difference(truth, truth.present(), change.key(), "the key's ");
    if (difference == null) {
      difference = difference(truth, change);
    }
    return Objects.requireNonNullElse(difference, "it came as " + change);
  }

  private @Nullable String difference(Expected truth, Delivered change) {
    String difference = difference(truth, truth.before(), change.previousKey(), "the old key's ");
    if (difference == null && change.operation() == Operation.UPDATE) {
      difference = keyMoved(truth, change);
    }
    if (difference == null) {
      difference = difference(truth, truth.before(), change.before(), "before it, ");
    }
    if (difference == null) {
      difference = difference(truth, truth.after(), change.after(), "");
    }
    if (difference == null) {
      difference = keyLeftOut(truth, change);
    }
    return difference != null ? difference : leftOut(truth, change);
  }

  private @Nullable String difference(
      Expected truth, @Nullable String[] fields, @Nullable Values values, String where) {
    if (values == null) {
      return null;
    }
    List<String> columns = truth.shape().columns();
    Set<String> ignored = exempt.getOrDefault(truth.shape().table(), Set.of());
    boolean sameOrder = columns.equals(values.columns());
    for (int i = 0; i < values.texts().size(); i++) {
      String column = values.columns().get(i);
      int index = sameOrder ? i : columns.indexOf(column);
      if (index < 0 || index >= fields.length) {
        return where + column + " is no column of the table";
      }
      if (!values.isUnchanged(i)
          && !values.same(i, fields[index], truth.shape().type(index))
          && !ignored.contains(column)) {
        return "%s%s is %s but came as %s"
            .formatted(
                where,
                column,
                RecordText.shown(fields[index]),
                RecordText.shown(values.text(i, truth.shape().type(index))));
      }
    }
    return null;
  }

  private static @Nullable String keyMoved(Expected truth, Delivered change) {
    if (change.previousKey() != null) {
      return null;
    }
    for (String column : change.key().columns()) {
      int index = truth.shape().columns().indexOf(column);
      if (!Objects.equals(truth.before()[index], truth.after()[index])) {
        return "its key changed, from %s, but that was not said"
            .formatted(RecordText.shown(truth.before()[index]));
      }
    }
    return null;
  }

  /** Only a key that the server did not send may be left out. */
  private static @Nullable String keyLeftOut(Expected truth, Delivered change) {
    List<String> key = truth.shape().key();
    boolean needed = change.operation() != Operation.TRUNCATE && !key.isEmpty();
    return needed && change.key().columns().isEmpty() && !isUnchanged(change.after(), key)
        ? "its key was left out"
        : null;
  }

  private static boolean isUnchanged(@Nullable Values after, List<String> columns) {
    return after != null
        && columns.stream()
            .map(after.columns()::indexOf)
            .anyMatch(index -> index >= 0 && after.isUnchanged(index));
  }

  private @Nullable String leftOut(Expected truth, Delivered change) {
    List<String> columns = truth.shape().columns();
    Values after = change.after();
    if (after == null) {
      boolean leaves =
          change.operation() == Operation.INSERT || change.operation() == Operation.UPDATE;
      return leaves ? "the row was left out" : null;
    }
    if (after.columns().equals(columns)) {
      return null;
    }
    Set<String> ignored = exempt.getOrDefault(truth.shape().table(), Set.of());
    return columns.stream()
        .filter(column -> !after.columns().contains(column))
        .filter(column -> !truth.shape().generated().contains(column))
        .filter(column -> !ignored.contains(column))
        .findFirst()
        .map(column -> "column " + column + " was left out")
        .orElse(null);
  }
}

package io.waltap.generator.audit;

import io.waltap.event.Operation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A change as the ledger has it. */
final class Expected {

  private final long transaction;
  private final Operation operation;
  private final boolean nested;
  private final Shape shape;
  private final @Nullable String oldRow;
  private final @Nullable String newRow;
  private @Nullable String @Nullable [] before;
  private @Nullable String @Nullable [] after;

  /**
   * @param nested whether another trigger made it
   * @param oldRow the record's text, null if there is none
   * @param newRow likewise
   */
  Expected(
      long transaction,
      Operation operation,
      boolean nested,
      Shape shape,
      @Nullable String oldRow,
      @Nullable String newRow) {
    this.transaction = transaction;
    this.operation = operation;
    this.nested = nested;
    this.shape = shape;
    this.oldRow = oldRow;
    this.newRow = newRow;
  }

  long transaction() {
    return transaction;
  }

  Operation operation() {
    return operation;
  }

  boolean nested() {
    return nested;
  }

  Shape shape() {
    return shape;
  }

  /** The fields before the change; none of an insert. */
  @Nullable String[] before() {
    if (before == null) {
      before = oldRow == null ? new @Nullable String[0] : RecordText.parse(oldRow);
    }
    return before;
  }

  /** The fields after the change; none of a delete. */
  @Nullable String[] after() {
    if (after == null) {
      after = newRow == null ? new @Nullable String[0] : RecordText.parse(newRow);
    }
    return after;
  }

  /** The fields that say which row it is. */
  @Nullable String[] present() {
    return operation == Operation.DELETE ? before() : after();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    List<String> named = shape.key().isEmpty() ? shape.columns() : shape.key();
    @Nullable String[] fields = present();
    for (String column : named) {
      int index = shape.columns().indexOf(column);
      if (index < fields.length && text.length() < 200) {
        text.append(text.isEmpty() ? "" : ", ").append(column).append('=');
        text.append(RecordText.shown(fields[index]));
      }
    }
    return "%s %s {%s} of transaction %d".formatted(operation, shape.table(), text, transaction);
  }
}

package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.SnapshotRow;
import io.waltap.table.RowMapper;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One change on its way to listeners.
 *
 * @param event a {@link RowChange}, a {@link SnapshotRow} or a {@link SourceEvent.TableTruncate}
 */
record Delivery(ChangeMetadata metadata, SourceEvent event) {

  TableId table() {
    return metadata.table();
  }

  Operation operation() {
    if (event instanceof RowChange change) {
      return change.operation();
    }
    return event instanceof SnapshotRow ? Operation.READ : Operation.TRUNCATE;
  }

  /** The key; null for a truncate, which has all keys. */
  @Nullable Row key() {
    if (event instanceof RowChange change) {
      return change.key();
    }
    return event instanceof SnapshotRow row ? row.key() : null;
  }

  /** The key before a change of it; else null. */
  @Nullable Row previousKey() {
    return event instanceof RowChange change ? change.previousKey() : null;
  }

  /** Whether it touches more keys than one. */
  boolean hasSeveralKeys() {
    return key() == null || previousKey() != null;
  }

  /** About how much memory it holds, in bytes. */
  int weight() {
    long weight = 200;
    if (event instanceof RowChange change) {
      weight += RowLayout.weight(change.before()) + RowLayout.weight(change.after());
      weight += RowLayout.weight(change.key());
    } else if (event instanceof SnapshotRow row) {
      weight += RowLayout.weight(row.row());
    }
    return (int) Math.min(weight, Integer.MAX_VALUE);
  }

  /** With rows as they are. */
  ChangeEvent<Row> asRows() {
    return map(row -> row);
  }

  /**
   * As a listener gets it.
   *
   * @throws RuntimeException if a row does not fit its type
   */
  <T> ChangeEvent<T> map(RowMapper<T> mapper) {
    if (event instanceof SnapshotRow read) {
      return new ChangeEvent.Read<>(metadata, read.key(), mapper.map(read.row()));
    }
    return event instanceof RowChange change
        ? map(change, mapper)
        : new ChangeEvent.Truncate<>(metadata);
  }

  private <T> ChangeEvent<T> map(RowChange change, RowMapper<T> mapper) {
    @Nullable T before = change.before() == null ? null : mapper.map(change.before());
    return switch (change.operation()) {
      case INSERT -> new ChangeEvent.Insert<>(metadata, change.key(), after(change, mapper));
      case UPDATE ->
          new ChangeEvent.Update<>(
              metadata, change.key(), change.previousKey(), before, after(change, mapper));
      case DELETE -> new ChangeEvent.Delete<>(metadata, change.key(), before);
      case READ, TRUNCATE -> throw new IllegalArgumentException(change.operation().name());
    };
  }

  private static <T> T after(RowChange change, RowMapper<T> mapper) {
    return mapper.map(Objects.requireNonNull(change.after(), "an insert or update has a new row"));
  }
}

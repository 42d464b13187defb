package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Row;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import java.util.Objects;

/**
 * A table with the listener of its changes.
 *
 * @param <T> what its rows are delivered as
 */
public record Route<T>(Table<T> table, ChangeListener<? super T> listener) {

  /** The same, with components that are null for unchanged columns. */
  public Route<T> unchangedAsNull() {
    return new Route<>(table.unchangedAsNull(), listener);
  }

  void read(ChangeMetadata metadata, Row key, Row row) throws Exception {
    call(new ChangeEvent.Read<>(metadata, key, map(row)));
  }

  void change(ChangeMetadata metadata, RowChange change) throws Exception {
    T before = change.before() == null ? null : map(change.before());
    call(
        switch (change.operation()) {
          case INSERT -> new ChangeEvent.Insert<>(metadata, change.key(), after(change));
          case UPDATE ->
              new ChangeEvent.Update<>(
                  metadata, change.key(), change.previousKey(), before, after(change));
          case DELETE -> new ChangeEvent.Delete<>(metadata, change.key(), before);
          case READ, TRUNCATE -> throw new IllegalArgumentException(change.operation().name());
        });
  }

  void truncate(ChangeMetadata metadata) throws Exception {
    call(new ChangeEvent.Truncate<>(metadata));
  }

  private T after(RowChange change) {
    return map(Objects.requireNonNull(change.after(), "an insert or update has a new row"));
  }

  private T map(Row row) {
    return table.mapper().map(row);
  }

  // A ChangeListener<? super T> accepts events of T, because an event only ever gives its rows
  // away.
  @SuppressWarnings("unchecked")
  private void call(ChangeEvent<T> event) throws Exception {
    ((ChangeListener<T>) listener).onChange(event);
  }
}

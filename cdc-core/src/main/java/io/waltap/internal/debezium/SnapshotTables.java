package io.waltap.internal.debezium;

import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import java.sql.SQLException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The tables of a snapshot that are still to be read, for any number of readers. */
final class SnapshotTables {

  /**
   * One of them.
   *
   * @param filter which rows the publication lets through, as SQL; null for all
   */
  record Next(TableId id, RowLayout layout, @Nullable String filter) {}

  private final Queue<Next> left = new ConcurrentLinkedQueue<>();
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

  SnapshotTables(ExportedSnapshot.Contents contents) {
    Map<TableId, String> filters = contents.filters();
    contents.layouts().forEach((id, layout) -> left.add(new Next(id, layout, filters.get(id))));
  }

  int size() {
    return left.size();
  }

  /** The next one, for whoever asks first; null if there is none. */
  @Nullable Next next() {
    return left.poll();
  }

  /** A reader has failed, so that nobody needs to read on. */
  void failed(Throwable cause) {
    failure.compareAndSet(null, cause);
    left.clear();
  }

  /**
   * To be asked before each row.
   *
   * @throws SQLException if a reader has failed, with the cause
   */
  void check() throws SQLException {
    Throwable cause = failure.get();
    if (cause instanceof SQLException sql) {
      throw new SQLException(sql.getMessage(), sql.getSQLState(), sql);
    }
    if (cause != null) {
      throw new IllegalStateException(cause);
    }
  }
}

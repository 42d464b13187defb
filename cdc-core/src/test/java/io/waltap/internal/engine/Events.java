package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.Commit;
import io.waltap.internal.dispatch.SourceEvent.StreamStart;
import java.time.Instant;
import java.util.List;

/** What a {@link FakeChangeSource} delivers. */
final class Events {

  private static final RowLayout LAYOUT =
      RowLayout.of(List.of(new ColumnShape("id", "int4", true)));

  private static final TableId ITEM = new TableId("public", "item");

  private Events() {}

  static SourceEvent streamStart(long at) {
    return new StreamStart(new Lsn(at));
  }

  /** A row that the snapshot found. */
  static SourceEvent row(int id) {
    Row row = LAYOUT.row(new String[] {Integer.toString(id)});
    return new SourceEvent.SnapshotRow(ITEM, new Lsn(id), LAYOUT.key(row), row);
  }

  static SourceEvent begin(long commit) {
    return new Begin(commit, new Lsn(commit), Instant.EPOCH);
  }

  /** A row of {@code public.item}, inserted at the position that is its id. */
  static SourceEvent insert(int id) {
    Row row = LAYOUT.row(new String[] {Integer.toString(id)});
    return new SourceEvent.RowChange(
        Operation.INSERT, ITEM, new Lsn(id), LAYOUT.key(row), null, null, row);
  }

  static SourceEvent commit(long end) {
    return new Commit(new Lsn(end));
  }
}

package io.waltap.internal.dispatch;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a source delivers, in the order in which the server sent it. */
public sealed interface SourceEvent {

  /** A row found by the snapshot. */
  record SnapshotRow(TableId table, Lsn lsn, Row key, Row row) implements SourceEvent {}

  /**
   * Streaming begins: everything up to {@code lsn} is in the snapshot or was delivered by an
   * earlier run, and every transaction that commits later will follow.
   */
  record StreamStart(Lsn lsn) implements SourceEvent {}

  /** A transaction begins. Its changes follow without those of others in between. */
  record Begin(long transactionId, Lsn commitLsn, Instant commitTime) implements SourceEvent {}

  /**
   * A row changed.
   *
   * @param operation insert, update or delete
   * @param previousKey the old key of an update that changed it, else null
   * @param before the whole old row if the server sent it, else null
   * @param after the new row; null for a delete
   */
  record RowChange(
      Operation operation,
      TableId table,
      Lsn lsn,
      Row key,
      @Nullable Row previousKey,
      @Nullable Row before,
      @Nullable Row after)
      implements SourceEvent {}

  /** A table was truncated. */
  record TableTruncate(TableId table, Lsn lsn) implements SourceEvent {}

  /** A table looks like this from here on. */
  record Shape(TableId table, RowLayout layout) implements SourceEvent {}

  /**
   * A logical message. One that is not transactional comes between two transactions.
   *
   * @param content not to be changed by anybody
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
  record Message(String prefix, byte[] content, boolean transactional, Lsn lsn)
      implements SourceEvent {}

  /** The transaction is complete; {@code end} is the first position after it. */
  record Commit(Lsn end) implements SourceEvent {}

  /** A heartbeat of this engine came round; it is for nobody else. */
  record Heartbeat(long number) implements SourceEvent {}

  /** Nothing of interest lies before {@code lsn} that was not delivered already. */
  record Idle(Lsn lsn) implements SourceEvent {}
}

package io.waltap.event;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction of the database did to the tables listened to, with the messages that it
 * emitted by {@code pg_logical_emit_message}: an application can annotate its transactions by them,
 * with a request id for example. Changes and messages count in one order, {@link
 * ChangeMetadata#order} and {@link LogicalMessage#order}.
 *
 * @param id as in {@link ChangeMetadata#transactionId}; null for the rows of a snapshot
 * @param commitLsn as in {@link ChangeMetadata#commitLsn}; null for the rows of a snapshot
 * @param commitTime when it committed, by the server's clock; null for the rows of a snapshot
 * @param changes in the order in which they were made; rows are what their tables say
 * @param messages in the order in which they were emitted
 * @param piece from 1; more if the transaction is larger than a listener gets at once
 * @param last whether nothing of the transaction follows
 */
public record Transaction(
    @Nullable Long id,
    @Nullable Lsn commitLsn,
    @Nullable Instant commitTime,
    List<ChangeEvent<?>> changes,
    List<LogicalMessage> messages,
    int piece,
    boolean last) {

  public Transaction {
    changes = List.copyOf(changes);
    messages = List.copyOf(messages);
  }

  /** The changes of one table, in order. */
  public List<ChangeEvent<?>> changesOf(TableId table) {
    return changes.stream()
        .<ChangeEvent<?>>map(change -> change)
        .filter(change -> change.table().equals(table))
        .toList();
  }
}

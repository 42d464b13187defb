package io.waltap.event;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A message that somebody wrote into the log with {@code pg_logical_emit_message}.
 *
 * @param prefix what the writer called it
 * @param content what the writer wrote; copied on the way in and on the way out
 * @param transactional whether it was written as a part of its transaction; if not, it came at
 *     once, outside any transaction, and even if the writer rolled back
 * @param lsn the position just after the message; the server does not tell where it begins
 * @param commitLsn as in {@link ChangeMetadata}; null unless transactional
 * @param transactionId as in {@link ChangeMetadata}; null unless transactional
 * @param commitTime as in {@link ChangeMetadata}; null unless transactional
 * @param order its place among the captured changes and the messages of its transaction, from 1; 0
 *     unless transactional
 */
@SuppressWarnings("ArrayRecordComponent") // copied, and compared by content
public record LogicalMessage(
    String prefix,
    byte[] content,
    boolean transactional,
    Lsn lsn,
    @Nullable Lsn commitLsn,
    @Nullable Long transactionId,
    @Nullable Instant commitTime,
    long order) {

  public LogicalMessage {
    content = content.clone();
  }

  @Override
  public byte[] content() {
    return content.clone();
  }

  /** The content read as UTF-8. */
  public String text() {
    return new String(content, StandardCharsets.UTF_8);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LogicalMessage message
        && prefix.equals(message.prefix)
        && Arrays.equals(content, message.content)
        && transactional == message.transactional
        && lsn.equals(message.lsn)
        && Objects.equals(commitLsn, message.commitLsn)
        && Objects.equals(transactionId, message.transactionId)
        && Objects.equals(commitTime, message.commitTime)
        && order == message.order;
  }

  @Override
  public int hashCode() {
    return Objects.hash(prefix, Arrays.hashCode(content), lsn, order);
  }
}

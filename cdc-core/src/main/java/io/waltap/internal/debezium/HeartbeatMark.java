package io.waltap.internal.debezium;

import io.waltap.event.Row;
import io.waltap.event.TableId;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How an engine knows its own heartbeats in the stream. All messages and changes of a database come
 * to all its slots, so each heartbeat names the slot that it is for.
 *
 * @param slot the engine's slot
 * @param table the table that carries heartbeats; null if logical messages do
 */
record HeartbeatMark(String slot, @Nullable TableId table) {

  /** The prefix of the logical messages. No listener of messages is told of them. */
  static final String PREFIX = "waltap.heartbeat";

  static final String ENGINE_COLUMN = "engine";
  static final String BEAT_COLUMN = "beat";

  /** What a heartbeat says. */
  String content(long number) {
    return slot + ':' + number;
  }

  /** The number of a heartbeat; 0 if it is another engine's. */
  long number(byte[] content) {
    String text = new String(content, StandardCharsets.UTF_8);
    String own = slot + ':';
    String number = text.startsWith(own) ? text.substring(own.length()) : "";
    // Anybody may send such a message: what is not ours is nobody's.
    return number.matches("[0-9]{1,18}") ? Long.parseLong(number) : 0;
  }

  /** The number in a row of the table; 0 if it is another engine's. */
  long number(@Nullable Row row) {
    if (row == null || !slot.equals(row.getString(ENGINE_COLUMN))) {
      return 0;
    }
    Long number = row.getLong(BEAT_COLUMN);
    return number == null ? 0 : number;
  }
}

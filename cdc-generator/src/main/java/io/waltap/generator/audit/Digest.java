package io.waltap.generator.audit;

import io.waltap.event.TableId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is kept of a row or a key where its text would be too much. */
record Digest(long high, long low) {

  /** Of named values of a table, in whatever order they come. */
  static Digest of(TableId table, List<String> columns, List<@Nullable String> texts) {
    TreeMap<String, String> sorted = new TreeMap<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      sorted.put(columns.get(i), text == null ? "null" : "=" + RecordText.reducedIfLong(text));
    }
    byte[] bytes = md5((table + " " + sorted).getBytes(StandardCharsets.UTF_8));
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return new Digest(buffer.getLong(), buffer.getLong());
  }

  static byte[] md5(byte[] bytes) {
    try {
      return MessageDigest.getInstance("MD5").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }
}

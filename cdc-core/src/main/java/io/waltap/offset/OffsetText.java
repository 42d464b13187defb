package io.waltap.offset;

import io.waltap.event.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * An offset as a few lines of text that a person can read and that no accident can turn into
 * another offset: the last line is a checksum of those before it, and only exactly what would be
 * written for an offset is read as one.
 */
final class OffsetText {

  /** Far more than an offset needs: whatever is longer is something else. */
  static final int MAX_BYTES = 4096;

  private static final String FORMAT = "format=waltap-offset-1";
  private static final String SLOT = "slot=";
  private static final String SYSTEM = "system-identifier=";
  private static final String LSN = "lsn=";
  private static final String UNFINISHED = "none";

  private OffsetText() {}

  /**
   * @throws IllegalArgumentException if the offset could not be read back
   */
  static byte[] encode(Offset offset) {
    Lsn lsn = offset.lsn();
    String body =
        String.join(
            "\n",
            FORMAT,
            SLOT + offset.slot(),
            SYSTEM + offset.systemIdentifier(),
            LSN + (lsn == null ? UNFINISHED : lsn),
            "");
    byte[] text = (body + checksum(body) + "\n").getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_BYTES || body.chars().filter(c -> c == '\n').count() != 4) {
      throw new IllegalArgumentException(
          "The slot name or the system identifier of an offset is too long or has line breaks.");
    }
    return text;
  }

  /**
   * @throws IllegalArgumentException if the text is not exactly what {@link #encode} writes; the
   *     message goes on from "the file ..."
   */
  static Offset decode(byte[] text) {
    if (text.length == 0) {
      throw new IllegalArgumentException("is empty");
    }
    String[] lines = new String(text, StandardCharsets.UTF_8).split("\n", -1);
    if (lines.length != 6) {
      throw new IllegalArgumentException("is incomplete");
    }
    String body = String.join("\n", lines[0], lines[1], lines[2], lines[3], "");
    if (!lines[4].equals(checksum(body))) {
      throw new IllegalArgumentException("does not fit its checksum");
    }
    if (!lines[0].equals(FORMAT)) {
      throw new IllegalArgumentException("is not in the format of this version");
    }
    String lsn = value(lines[3], LSN);
    Offset offset =
        new Offset(
            value(lines[1], SLOT),
            value(lines[2], SYSTEM),
            lsn.equals(UNFINISHED) ? null : Lsn.parse(lsn));
    if (!Arrays.equals(encode(offset), text)) {
      throw new IllegalArgumentException("does not fit its checksum");
    }
    return offset;
  }

  private static String value(String line, String key) {
    if (!line.startsWith(key)) {
      throw new IllegalArgumentException("lacks its line " + key);
    }
    return line.substring(key.length());
  }

  private static String checksum(String body) {
    CRC32C crc = new CRC32C();
    crc.update(body.getBytes(StandardCharsets.UTF_8));
    return String.format("crc32c=%08x", crc.getValue());
  }
}

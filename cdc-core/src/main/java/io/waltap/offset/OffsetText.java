package io.waltap.offset;

import io.waltap.event.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An offset as a few lines of text that a person can read and that no accident can turn into
 * another offset: the last line is a checksum of those before it, and only exactly what would be
 * written for an offset is read as one.
 *
 * <p>Version 2 of the format has two lines more, timeline and publication. Version 1 is still read.
 */
final class OffsetText {

  /** Far more than an offset needs: whatever is longer is something else. */
  static final int MAX_BYTES = 4096;

  private static final String FORMAT = "format=waltap-offset-";
  private static final String SLOT = "slot=";
  private static final String SYSTEM = "system-identifier=";
  private static final String TIMELINE = "timeline=";
  private static final String PUBLICATION = "publication=";
  private static final String LSN = "lsn=";
  private static final String UNFINISHED = "none";
  private static final String UNKNOWN = "";

  private OffsetText() {}

  /**
   * @throws IllegalArgumentException if the offset could not be read back
   */
  static byte[] encode(Offset offset) {
    return encode(second(offset));
  }

  private static List<String> first(Offset offset) {
    return List.of(
        FORMAT + 1, SLOT + offset.slot(), SYSTEM + offset.systemIdentifier(), LSN + lsn(offset));
  }

  private static List<String> second(Offset offset) {
    return List.of(
        FORMAT + 2,
        SLOT + offset.slot(),
        SYSTEM + offset.systemIdentifier(),
        TIMELINE + (offset.timeline() == null ? UNKNOWN : offset.timeline()),
        PUBLICATION + (offset.publication() == null ? UNKNOWN : offset.publication()),
        LSN + lsn(offset));
  }

  private static String lsn(Offset offset) {
    return offset.lsn() == null ? UNFINISHED : offset.lsn().toString();
  }

  private static byte[] encode(List<String> lines) {
    String body = String.join("\n", lines) + "\n";
    byte[] text = (body + checksum(body) + "\n").getBytes(StandardCharsets.UTF_8);
    if (text.length > MAX_BYTES || body.chars().filter(c -> c == '\n').count() != lines.size()) {
      throw new IllegalArgumentException(
          "A name in an offset, or its system identifier, is too long or has line breaks.");
    }
    return text;
  }

  /**
   * @throws IllegalArgumentException if the text is not exactly what {@link #encode} writes, or
   *     wrote in version 1; the message goes on from "the file ..."
   */
  static Offset decode(byte[] text) {
    if (text.length == 0) {
      throw new IllegalArgumentException("is empty");
    }
    List<String> lines = List.of(new String(text, StandardCharsets.UTF_8).split("\n", -1));
    if (lines.size() < 3) {
      throw new IllegalArgumentException("is incomplete");
    }
    List<String> body = lines.subList(0, lines.size() - 2);
    if (!lines.get(body.size()).equals(checksum(String.join("\n", body) + "\n"))) {
      throw new IllegalArgumentException("does not fit its checksum");
    }
    Offset offset = offset(body);
    if (!Arrays.equals(encode(version(body) == 1 ? first(offset) : second(offset)), text)) {
      throw new IllegalArgumentException("does not fit its checksum");
    }
    return offset;
  }

  private static int version(List<String> body) {
    return switch (body.get(0)) {
      case FORMAT + 1 -> 1;
      case FORMAT + 2 -> 2;
      default -> throw new IllegalArgumentException("is not in a format that this version reads");
    };
  }

  private static Offset offset(List<String> body) {
    boolean oldest = version(body) == 1;
    if (body.size() != (oldest ? 4 : 6)) {
      throw new IllegalArgumentException("has another number of lines than its format");
    }
    String timeline = oldest ? UNKNOWN : value(body.get(3), TIMELINE);
    String publication = oldest ? UNKNOWN : value(body.get(4), PUBLICATION);
    String lsn = value(body.get(body.size() - 1), LSN);
    return new Offset(
        value(body.get(1), SLOT),
        value(body.get(2), SYSTEM),
        timeline.equals(UNKNOWN) ? null : Integer.valueOf(timeline),
        publication.equals(UNKNOWN) ? null : publication,
        position(lsn));
  }

  private static @Nullable Lsn position(String lsn) {
    return lsn.equals(UNFINISHED) ? null : Lsn.parse(lsn);
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

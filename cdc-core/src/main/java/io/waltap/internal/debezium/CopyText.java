package io.waltap.internal.debezium;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A row in the text format of {@code COPY}, as PostgreSQL's manual lays it out ("File Formats").
 */
final class CopyText {

  private CopyText() {}

  /**
   * The values of a row.
   *
   * @param line in UTF-8, with or without its line end
   * @param columns how many there are
   * @throws IllegalArgumentException if there are more or fewer
   */
  static @Nullable String[] read(byte[] line, int columns) {
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    @Nullable String[] values = new @Nullable String[columns];
    int count = 0;
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i <= end; i++) {
      if (i == end || line[i] == '\t') {
        if (count < columns) {
          values[count] = escaped ? unescaped(line, start, i) : text(line, start, i);
        }
        count++;
        start = i + 1;
        escaped = false;
      } else if (line[i] == '\\') {
        escaped = true;
      }
    }
    if (count != columns) {
      throw new IllegalArgumentException(count + " values for " + columns + " columns");
    }
    return values;
  }

  private static String text(byte[] line, int start, int end) {
    return new String(line, start, end - start, StandardCharsets.UTF_8);
  }

  private static @Nullable String unescaped(byte[] line, int start, int end) {
    if (end - start == 2 && line[start + 1] == 'N') {
      return null;
    }
    byte[] plain = new byte[end - start];
    int length = 0;
    for (int i = start; i < end; i++) {
      plain[length] = line[i] == '\\' ? meant(line[++i]) : line[i];
      length++;
    }
    return text(plain, 0, length);
  }

  // Only these are written by COPY TO; it reads more.
  private static byte meant(byte escaped) {
    return switch (escaped) {
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'v' -> 0x0B;
      default -> escaped;
    };
  }
}

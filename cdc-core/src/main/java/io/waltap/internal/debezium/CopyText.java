package io.waltap.internal.debezium;

import io.waltap.internal.decode.Texts;
import org.jspecify.annotations.Nullable;

/**
 * A row in the text format of {@code COPY}, as PostgreSQL's manual lays it out ("File Formats").
 */
final class CopyText {

  private CopyText() {}

  /**
   * The values of a row.
   *
   * @param line in UTF-8, with or without its line end; values lose their escapes in it
   * @param columns how many there are
   * @param texts makes them of the line
   * @throws IllegalArgumentException if there are more or fewer
   */
  static @Nullable CharSequence[] read(byte[] line, int columns, Texts texts) {
    int end = line.length > 0 && line[line.length - 1] == '\n' ? line.length - 1 : line.length;
    @Nullable CharSequence[] values = new @Nullable CharSequence[columns];
    int count = 0;
    int start = 0;
    boolean escaped = false;
    for (int i = 0; i <= end; i++) {
      if (i == end || line[i] == '\t') {
        if (count < columns) {
          values[count] = escaped ? unescaped(line, start, i, texts) : texts.text(start, i - start);
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

  private static @Nullable CharSequence unescaped(byte[] line, int start, int end, Texts texts) {
    if (end - start == 2 && line[start + 1] == 'N') {
      return null;
    }
    int length = 0;
    for (int i = start; i < end; i++) {
      line[start + length] = line[i] == '\\' ? meant(line[++i]) : line[i];
      length++;
    }
    return texts.text(start, length);
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

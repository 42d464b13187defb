package io.waltap.generator.audit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL's text of a record, with the ledger's one addition: a field that was too large to keep
 * is its digest and its length.
 */
final class RecordText {

  /** In front of a digest; a value of PostgreSQL never has it. */
  private static final char REDUCED = '\0';

  /** Shorter than what the ledger reduces, whatever its letters and quotes. */
  private static final int LONG = 40;

  private RecordText() {}

  /** The values of the fields, null where they are null. */
  static @Nullable String[] parse(String record) {
    List<@Nullable String> fields = new ArrayList<>();
    int at = 1;
    while (at < record.length()) {
      int end = endOfField(record, at);
      fields.add(value(record, at, end));
      at = end + 1;
    }
    return fields.toArray(new @Nullable String[0]);
  }

  private static int endOfField(String record, int begin) {
    boolean quoted = false;
    int last = record.length() - 1;
    int at = begin;
    while (at < last && (quoted || record.charAt(at) != ',')) {
      quoted ^= record.charAt(at) == '"';
      at++;
    }
    return at;
  }

  private static @Nullable String value(String record, int begin, int end) {
    if (begin == end) {
      return null;
    }
    return switch (record.charAt(begin)) {
      case '"' -> unquoted(record.substring(begin + 1, end - 1));
      case '\\' -> REDUCED + record.substring(begin + 1, end);
      default -> record.substring(begin, end);
    };
  }

  private static String unquoted(String quoted) {
    return quoted.indexOf('"') < 0 && quoted.indexOf('\\') < 0
        ? quoted
        : quoted.replace("\"\"", "\"").replace("\\\\", "\\");
  }

  /** Whether a delivered text is the value that the ledger has. */
  static boolean same(@Nullable String field, @Nullable String delivered) {
    if (field == null || delivered == null) {
      return field == null && delivered == null;
    }
    return isReduced(field) ? field.equals(reduced(delivered)) : field.equals(delivered);
  }

  static boolean isReduced(String field) {
    return !field.isEmpty() && field.charAt(0) == REDUCED;
  }

  /** What stands for a long value, so that it is the same whether the ledger has reduced it. */
  static String reducedIfLong(String text) {
    return text.length() < LONG || isReduced(text) ? text : reduced(text);
  }

  private static String reduced(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return REDUCED + HexFormat.of().formatHex(Digest.md5(bytes)) + ":" + bytes.length;
  }

  /** A field of the ledger for people. */
  static String shown(@Nullable String field) {
    if (field == null) {
      return "null";
    }
    if (isReduced(field)) {
      int colon = field.indexOf(':');
      return field.substring(colon + 1) + " bytes with MD5 " + field.substring(1, colon);
    }
    return "'" + (field.length() > 200 ? field.substring(0, 200) + "..." : field) + "'";
  }
}

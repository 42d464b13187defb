package io.waltap.generator.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * From a value as {@code ChangeJson} writes it, letter by letter, back to PostgreSQL's text of it.
 * What one JSON stands for depends on the type of the column: an array is one of SQL's, or one
 * within a {@code json}.
 */
final class JsonText {

  /** What the database has accepted is not refused here for its size. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .build())
          .build();

  private JsonText() {}

  static JsonParser parser(String text) throws IOException {
    return FACTORY.createParser(text);
  }

  /** The value at hand as it stands in the line, null for null. */
  static @Nullable String literal(String line, JsonParser json) throws IOException {
    int begin = (int) json.currentTokenLocation().getCharOffset();
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    json.skipChildren();
    json.finishToken();
    return line.substring(begin, (int) json.currentLocation().getCharOffset());
  }

  /**
   * PostgreSQL's text.
   *
   * @param type of the column; empty if it is not known
   */
  static @Nullable String of(@Nullable String literal, String type) {
    if (literal == null || isJson(type)) {
      return literal;
    }
    return switch (literal.charAt(0)) {
      case '"' -> string(literal);
      case 't' -> "t";
      case 'f' -> "f";
      case '[' -> array(literal, type);
      default -> literal;
    };
  }

  static boolean isJson(String type) {
    return type.equals("json") || type.equals("jsonb");
  }

  /**
   * Whether a delivered literal is the value that the ledger has. A line has neither the line
   * breaks nor the margins of a {@code json}, so the digest of one that may have had them proves
   * nothing; nor does it tell the null of a {@code json} from none.
   */
  static boolean same(@Nullable String field, @Nullable String literal, String type) {
    String delivered = of(literal, type);
    if (RecordText.same(field, delivered)) {
      return true;
    }
    if (field == null || !isJson(type)) {
      return false;
    }
    if (delivered == null) {
      return oneLine(field).equals("null");
    }
    return RecordText.isReduced(field)
        ? type.equals("json") && delivered.indexOf(' ') >= 0
        : oneLine(field).equals(delivered);
  }

  /** A {@code json} without what a line of JSON leaves out. */
  private static String oneLine(String json) {
    return json.replace('\n', ' ').replace('\r', ' ').strip();
  }

  private static String string(String literal) {
    if (literal.indexOf('\\') < 0) {
      return literal.substring(1, literal.length() - 1);
    }
    try (JsonParser json = parser(literal)) {
      json.nextToken();
      return json.getText();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it has been read before
    }
  }

  private static String array(String literal, String type) {
    StringBuilder text = new StringBuilder(literal.length());
    try (JsonParser json = parser(literal)) {
      json.nextToken();
      array(literal, json, type.startsWith("_") ? type.substring(1) : "", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // it has been read before
    }
    return text.toString();
  }

  private static void array(String line, JsonParser json, String type, StringBuilder text)
      throws IOException {
    char separator = type.equals("box") ? ';' : ',';
    text.append('{');
    for (int i = 0; json.nextToken() != JsonToken.END_ARRAY; i++) {
      if (i > 0) {
        text.append(separator);
      }
      if (json.currentToken() == JsonToken.START_ARRAY && !isJson(type)) {
        array(line, json, type, text);
      } else {
        element(of(literal(line, json), type), separator, text);
      }
    }
    text.append('}');
  }

  private static void element(@Nullable String value, char separator, StringBuilder text) {
    if (value == null) {
      text.append("NULL");
    } else if (value.isEmpty()
        || value.equalsIgnoreCase("NULL")
        || value.chars().anyMatch(c -> isQuoted(c, separator))) {
      text.append('"').append(value.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    } else {
      text.append(value);
    }
  }

  private static boolean isQuoted(int letter, char separator) {
    return letter == separator || "{}\"\\ \t\n\r\u000b\f".indexOf(letter) >= 0;
  }
}

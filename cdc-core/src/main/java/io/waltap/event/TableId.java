package io.waltap.event;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a table, exactly as the catalog holds it: case matters, nothing is quoted.
 *
 * @param schema the schema's name
 * @param name the table's name
 */
public record TableId(String schema, String name) {

  private static final String PART = "(\"(?:[^\"]|\"\")+\"|[^\".]+)";
  private static final Pattern QUALIFIED = Pattern.compile(PART + "\\." + PART);

  /**
   * Reads {@code schema.table}. A part that holds a dot or a quote is put in double quotes, with
   * inner quotes doubled, as in SQL; unlike SQL, an unquoted part keeps its case.
   *
   * @throws IllegalArgumentException if there are not exactly two parts
   */
  public static TableId parse(String text) {
    Matcher matcher = QUALIFIED.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' does not name a table as schema.table, for example public.transactions");
    }
    return new TableId(unquote(matcher.group(1)), unquote(matcher.group(2)));
  }

  private static String unquote(String part) {
    return part.startsWith("\"")
        ? part.substring(1, part.length() - 1).replace("\"\"", "\"")
        : part;
  }

  /** The name as SQL takes it, both parts quoted. */
  public String quoted() {
    return quote(schema) + "." + quote(name);
  }

  private static String quote(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  /** {@code schema.table}, unquoted, for people. */
  @Override
  public String toString() {
    return schema + "." + name;
  }
}

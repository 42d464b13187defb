package io.waltap.internal.preflight;

import io.waltap.event.TableId;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names in SQL and in sentences. */
final class Names {

  private static final Pattern PLAIN = Pattern.compile("[a-z_][a-z0-9_]*");

  /** The words that {@code pg_get_keywords()} lists as anything but unreserved. */
  private static final Set<String> KEYWORDS =
      Set.of(
          """
          all analyse analyze and any array as asc asymmetric authorization between bigint binary
          bit boolean both case cast char character check coalesce collate collation column
          concurrently constraint create cross current_catalog current_date current_role
          current_schema current_time current_timestamp current_user dec decimal default deferrable
          desc distinct do else end except exists extract false fetch float for foreign freeze from
          full grant greatest group grouping having ilike in initially inner inout int integer
          intersect interval into is isnull join json json_array json_arrayagg json_exists
          json_object json_objectagg json_query json_scalar json_serialize json_table json_value
          lateral leading least left like limit localtime localtimestamp merge_action national
          natural nchar none normalize not notnull null nullif numeric offset on only or order out
          outer overlaps overlay placing position precision primary real references returning right
          row select session_user setof similar smallint some substring symmetric system_user table
          tablesample then time timestamp to trailing treat trim true union unique user using
          values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement
          xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable
          """
              .strip()
              .split("\\s+"));

  private Names() {}

  /** An identifier as SQL takes it, in quotes only where it needs them. */
  static String quote(String identifier) {
    if (PLAIN.matcher(identifier).matches() && !KEYWORDS.contains(identifier)) {
      return identifier;
    }
    String quoted = '"' + identifier.replace("\"", "\"\"") + '"';
    return quoted.chars().anyMatch(Character::isISOControl) ? escaped(quoted) : quoted;
  }

  /** With control characters as SQL's escapes, so that a statement stays on its line. */
  private static String escaped(String quoted) {
    return "U&"
        + quoted
            .codePoints()
            .mapToObj(
                c ->
                    c == '\\'
                        ? "\\\\"
                        : Character.isISOControl(c) ? "\\%04X".formatted(c) : Character.toString(c))
            .collect(Collectors.joining());
  }

  /** A table's name as SQL takes it. */
  static String quote(TableId table) {
    return quote(table.schema()) + "." + quote(table.name());
  }

  /** A text as SQL takes it. */
  static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** {@code a, b and c}. */
  static String list(List<String> names) {
    return list(names, "and");
  }

  /** {@code a, b or c}, with the word given. */
  static String list(List<String> names, String word) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : names.stream().limit(last).collect(Collectors.joining(", "))
            + " "
            + word
            + " "
            + names.get(last);
  }
}

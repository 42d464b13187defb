package io.waltap;

import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL type of the matrix with the values to try. Values are texts that the server reads; a
 * large one is an expression.
 *
 * @param name what {@code typeOf} says
 * @param sql the type in SQL
 * @param values the least and the greatest first, or what comes closest, then special ones
 * @param empty null if the type has no empty value
 * @param large makes a value of about so many characters; null if the type has none
 */
record MatrixType(
    String name,
    String sql,
    List<String> values,
    @Nullable String empty,
    @Nullable IntFunction<String> large) {

  static MatrixType type(String name, String... values) {
    return new MatrixType(name, name, List.of(values), null, null);
  }

  MatrixType as(String otherSql) {
    return new MatrixType(name, otherSql, values, empty, large);
  }

  MatrixType empty(String text) {
    return new MatrixType(name, sql, values, text, large);
  }

  MatrixType large(IntFunction<String> expression) {
    return new MatrixType(name, sql, values, empty, expression);
  }

  String literal(String text) {
    return "'" + text.replace("'", "''") + "'::" + sql;
  }

  /**
   * The server's text for a value. The one place where {@code ::text} is not what the listener
   * gets: it strips the blanks of {@code char(n)} and adds a mask to every {@code inet}, which the
   * output function, and so every client, does not.
   */
  String text(String expression) {
    return name.equals("bpchar") || name.equals("inet")
        ? "CASE WHEN " + expression + " IS NOT NULL THEN format('%s', " + expression + ") END"
        : expression + "::text";
  }
}

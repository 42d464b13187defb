package io.waltap.generator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * The columns that a table must have for the workload, each with the types that take what it is
 * filled with; it may have more.
 */
record TableShape(String table, SortedMap<String, Set<String>> columns) {

  static final Set<String> TEXT = Set.of("text", "character varying");

  private static final String COLUMNS =
      """
      SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
      WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT attisdropped""";

  /**
   * Looks whether the table is there.
   *
   * @throws IllegalStateException if it is, with other columns; the message names them
   */
  boolean isThere(Connection connection) throws SQLException {
    Map<String, String> found = found(connection);
    if (!found.isEmpty()) {
      check(found);
    }
    return !found.isEmpty();
  }

  /** Whether the table has columns of these names, of whatever types. */
  boolean hasColumns(Connection connection) throws SQLException {
    return found(connection).keySet().containsAll(columns.keySet());
  }

  private Map<String, String> found(Connection connection) throws SQLException {
    Map<String, String> found = new HashMap<>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setString(1, table);
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.put(rows.getString(1), rows.getString(2));
        }
      }
    }
    return found;
  }

  private void check(Map<String, String> found) {
    List<String> faults = new ArrayList<>();
    columns.forEach(
        (column, types) -> {
          String type = found.get(column);
          if (type == null) {
            faults.add(column + " is missing");
          } else if (!types.contains(type)) {
            faults.add(column + " is of type " + type);
          }
        });
    if (!faults.isEmpty()) {
      throw new IllegalStateException(
          "The table %s is not the one of the workload (%s): rename it or use another database."
              .formatted(table, String.join(", ", faults)));
    }
  }
}

package io.waltap.internal.preflight;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the system catalogs, all of them answered within one span of time: whatever is left
 * of it bounds the wait for the next answer.
 */
final class Catalog {

  /** Reads one row. */
  @FunctionalInterface
  interface Reader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private final Connection connection;
  private final long deadline;

  /** The {@code deadline} is one of {@link System#nanoTime()}. */
  Catalog(Connection connection, long deadline) throws SQLException {
    this.connection = connection;
    this.deadline = deadline;
    // The role's own search_path could put other things before the catalogs. The statement timeout
    // ends on the server what the network timeout below gave up on here.
    one(
        "SELECT set_config('search_path', 'pg_catalog', false),"
            + " set_config('statement_timeout', ?, false)",
        row -> "",
        String.valueOf(millisLeft()));
  }

  /** The server's major version; asks nothing. */
  int version() throws SQLException {
    return connection.getMetaData().getDatabaseMajorVersion();
  }

  <T> T one(String sql, Reader<T> reader, Object... parameters) throws SQLException {
    return list(sql, reader, parameters).get(0);
  }

  <T> @Nullable T first(String sql, Reader<T> reader, Object... parameters) throws SQLException {
    List<T> rows = list(sql, reader, parameters);
    return rows.isEmpty() ? null : rows.get(0);
  }

  <T> List<T> list(String sql, Reader<T> reader, Object... parameters) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, (int) millisLeft());
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        List<T> read = new ArrayList<>();
        while (rows.next()) {
          read.add(reader.read(rows));
        }
        return read;
      }
    }
  }

  /** An array of texts in the current row; empty if null. */
  static List<String> texts(ResultSet row, String column) throws SQLException {
    java.sql.Array array = row.getArray(column);
    return array == null ? List.of() : List.of((String[]) array.getArray());
  }

  /** At least one, since zero would mean to wait for ever. */
  private long millisLeft() {
    return Math.max(1, Duration.ofNanos(deadline - System.nanoTime()).toMillis());
  }
}

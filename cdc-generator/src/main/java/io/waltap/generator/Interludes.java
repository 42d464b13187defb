package io.waltap.generator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * What stands between the rows: messages at the beginning of a transaction, and statements that
 * lock the table, which get transactions of their own, so that writers never wait in a circle.
 */
final class Interludes implements AutoCloseable {

  private static final String COLUMN = "generator_note";

  private final Connection connection;
  private final String prefix;
  private final @Nullable PreparedStatement message;

  Interludes(Connection connection, Extras extras) throws SQLException {
    this.connection = connection;
    this.prefix = extras.messages() == null ? "" : extras.messages();
    this.message =
        extras.messages() == null
            ? null
            : connection.prepareStatement("SELECT pg_logical_emit_message(true, ?, ?)");
  }

  /** In the open transaction. */
  void annotate(int writer, long transaction) throws SQLException {
    if (message != null) {
      message.setString(1, prefix);
      message.setString(2, "{\"writer\":" + writer + ",\"transaction\":" + transaction + "}");
      message.execute();
    }
  }

  /** Adds a column, or drops it again. */
  void alter(boolean add) throws SQLException {
    alone(
        add
            ? "ALTER TABLE public.transactions ADD COLUMN IF NOT EXISTS " + COLUMN + " text"
            : "ALTER TABLE public.transactions DROP COLUMN IF EXISTS " + COLUMN);
  }

  void truncate() throws SQLException {
    alone("TRUNCATE public.transactions");
  }

  private void alone(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
    connection.commit();
  }

  @Override
  public void close() throws SQLException {
    if (message != null) {
      message.close();
    }
  }
}

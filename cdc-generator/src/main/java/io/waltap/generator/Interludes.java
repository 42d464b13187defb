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

  /** Dropped columns would count for ever: a table has room for 1,600. */
  private static final String ALTER =
      """
      DO $$
      DECLARE
        had text;
      BEGIN
        LOCK TABLE public.transactions;
        SELECT attname INTO had FROM pg_attribute
         WHERE attrelid = 'public.transactions'::regclass AND NOT attisdropped
           AND attname IN ('generator_note', 'generator_remark');
        IF had = 'generator_note' THEN
          ALTER TABLE public.transactions RENAME generator_note TO generator_remark;
        ELSIF had = 'generator_remark' THEN
          ALTER TABLE public.transactions RENAME generator_remark TO generator_note;
        ELSE
          ALTER TABLE public.transactions ADD generator_note text;
        END IF;
      END $$""";

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

  /** Adds a column; if it is there, its name goes to and fro. */
  void alter() throws SQLException {
    alone(ALTER);
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

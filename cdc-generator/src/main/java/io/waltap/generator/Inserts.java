package io.waltap.generator;

import java.sql.SQLException;

/** One way to bring new rows to the server. */
interface Inserts extends AutoCloseable {

  /** Takes a row, with what its column {@code payload} gets if there is one. */
  void add(GeneratedTransaction row, String payload) throws SQLException;

  /** Sends what is not yet sent, and says how many rows were inserted since the last call. */
  int flush() throws SQLException;

  /** Forgets what is not yet sent. */
  void clear() throws SQLException;

  @Override
  void close() throws SQLException;
}

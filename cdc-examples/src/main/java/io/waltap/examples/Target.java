package io.waltap.examples;

import io.waltap.config.CdcConfig;
import java.sql.Connection;
import java.sql.SQLException;

/** The database that the quickstart runs on. Closing it leaves no replication slot behind. */
sealed interface Target extends AutoCloseable permits DemoServer, GivenServer {

  /** How the engine connects. */
  CdcConfig config();

  /** A connection for the writer. */
  Connection connect() throws SQLException;

  /** Creates the table with its triggers and its publication if the table is missing. */
  void prepare(Connection connection) throws SQLException;

  @Override
  void close();
}

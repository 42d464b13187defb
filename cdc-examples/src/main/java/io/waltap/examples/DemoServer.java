package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.generator.TransactionSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** A real PostgreSQL for the time of a demonstration; its data goes when it is closed. */
final class DemoServer implements Target {

  private static final String DATABASE = "financial_db";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final EmbeddedPostgres postgres;

  private DemoServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /** A server with the table of the workload. It also ends when the process is interrupted. */
  static DemoServer start() throws SQLException {
    DemoServer server = start(true);
    try (Connection connection = server.connect()) {
      server.prepare(connection);
    }
    return server;
  }

  /** An empty server that lives until it is closed, even while the process is being interrupted. */
  static DemoServer startEmpty() throws SQLException {
    return start(false);
  }

  private static DemoServer start(boolean endsWithTheProcess) throws SQLException {
    DemoServer server = new DemoServer(embedded(endsWithTheProcess));
    try (Connection admin = server.connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE DATABASE " + DATABASE);
    }
    return server;
  }

  private static EmbeddedPostgres embedded(boolean endsWithTheProcess) {
    try {
      return EmbeddedPostgres.builder()
          .setRegisterShutdownHook(endsWithTheProcess)
          .setServerConfig("wal_level", "logical")
          .setServerConfig("max_replication_slots", "10")
          .setServerConfig("max_wal_senders", "10")
          .setServerConfig("synchronous_commit", "on")
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL did not start.", e);
    }
  }

  /** The role of {@code sql/04-role.sql}, which may read changes and nothing else. */
  @Override
  public CdcConfig config() {
    return CdcConfig.postgres(url(), "cdc", "secret");
  }

  String url() {
    return url(DATABASE);
  }

  private String url(String database) {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + database;
  }

  /** A connection of the superuser. */
  @Override
  public Connection connect() throws SQLException {
    return connect(DATABASE);
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), "postgres", "postgres");
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    TransactionSchema.apply(connection);
    TransactionSchema.applyDemonstrationRole(connection);
  }

  /** Runs statements as superuser, each in a transaction of its own. */
  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** What a query gives that has one number as its answer. */
  BigDecimal number(String query) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getBigDecimal(1);
    }
  }

  /** Waits until the engine's listeners have accepted all that is committed now. */
  void awaitProcessed(CdcEngine engine) throws SQLException, InterruptedException {
    try (Connection connection = connect()) {
      if (!engine.awaitProcessed(writtenSoFar(connection), PATIENCE)) {
        throw new IllegalStateException("Not all changes have arrived within " + PATIENCE + ".");
      }
    }
  }

  /** The end of what is written to the server's log. */
  static Lsn writtenSoFar(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT pg_current_wal_lsn()")) {
      rows.next();
      return Lsn.parse(rows.getString(1));
    }
  }

  @Override
  public void close() {
    try {
      postgres.close();
    } catch (IOException e) {
      throw new UncheckedIOException("The embedded PostgreSQL did not stop.", e);
    }
  }
}

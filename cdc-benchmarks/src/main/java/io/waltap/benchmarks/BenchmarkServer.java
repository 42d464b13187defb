package io.waltap.benchmarks;

import io.waltap.generator.TransactionSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A PostgreSQL of embedded binaries. Commits wait for the disk, except those of a backlog, and no
 * checkpoint falls into a measurement. It stops with the JVM, also at Ctrl-C.
 */
final class BenchmarkServer implements AutoCloseable {

  static final String USER = "postgres";
  static final String PASSWORD = "postgres";
  static final String DATABASE = "postgres";
  static final String PUBLICATION = "waltap";
  private static final int TABLES_A_STATEMENT = 100;

  private final EmbeddedPostgres postgres;

  private BenchmarkServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /**
   * Starts one.
   *
   * @param slots how many replication slots it may have at a time
   */
  static BenchmarkServer start(int slots) throws IOException, SQLException {
    return start(slots, Map.of());
  }

  /** Starts one that also takes encrypted connections. */
  static BenchmarkServer startEncrypted(int slots)
      throws IOException, SQLException, InterruptedException {
    Path folder = Files.createTempDirectory("waltap-benchmarks");
    try {
      OwnCertificate own = OwnCertificate.in(folder);
      return start(
          slots,
          Map.of(
              "ssl", "on",
              "ssl_cert_file", own.certificate().toString(),
              "ssl_key_file", own.key().toString()));
    } finally {
      delete(folder); // the server reads them when it starts
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(folder);
  }

  private static BenchmarkServer start(int slots, Map<String, String> settings)
      throws IOException, SQLException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "logical")
            .setServerConfig("fsync", "on")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_wal_size", "16GB")
            .setServerConfig("checkpoint_timeout", "1h")
            .setServerConfig("max_replication_slots", Integer.toString(slots));
    settings.forEach(builder::setServerConfig);
    BenchmarkServer server = new BenchmarkServer(builder.start());
    try (Connection connection = server.connect()) {
      TransactionSchema.apply(connection);
    }
    server.execute(WorkTable.NARROW.createNarrow(), WideRow.createTable());
    return server;
  }

  String url() {
    return "jdbc:postgresql://localhost:" + postgres.getPort() + "/" + DATABASE;
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, PASSWORD);
  }

  void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** PostgreSQL's version. */
  String version() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement();
        ResultSet version = statement.executeQuery("SHOW server_version")) {
      version.next();
      return version.getString(1);
    }
  }

  /** Has the publication consist of these tables, and empties them. */
  void publish(List<WorkTable<?>> tables) throws SQLException {
    String names = tables.stream().map(WorkTable::name).collect(Collectors.joining(", "));
    if (!tables.get(0).schema().equals("public")) {
      create(tables);
    }
    execute("ALTER PUBLICATION " + PUBLICATION + " SET TABLE " + names);
    for (int from = 0; from < tables.size(); from += TABLES_A_STATEMENT) {
      List<WorkTable<?>> some =
          tables.subList(from, Math.min(tables.size(), from + TABLES_A_STATEMENT));
      execute("TRUNCATE " + some.stream().map(WorkTable::name).collect(Collectors.joining(", ")));
    }
  }

  private void create(List<WorkTable<?>> tables) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA IF NOT EXISTS " + tables.get(0).schema());
      for (WorkTable<?> table : tables) {
        statement.execute(table.createNarrow());
      }
    }
  }

  /**
   * Runs a statement whose commits do not wait for the disk; the checkpoint sees to it that they
   * are there afterwards. What reads the log then has nothing to wait for.
   */
  void writeBacklog(String sql) throws SQLException {
    execute("SET synchronous_commit = off", sql, "CHECKPOINT");
  }

  void createSlots(List<String> slots) throws SQLException {
    onEach(slots, "SELECT pg_create_logical_replication_slot(?, 'pgoutput')");
  }

  /** Drops those of the slots that there are, as soon as the server knows their receivers gone. */
  void dropSlots(List<String> slots) throws SQLException {
    execute(
        """
        DO $$ BEGIN
          FOR i IN 1..1000 LOOP
            EXIT WHEN NOT EXISTS (SELECT FROM pg_replication_slots WHERE active);
            PERFORM pg_sleep(0.01);
          END LOOP;
        END $$""");
    onEach(
        slots,
        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = ?");
  }

  private void onEach(List<String> slots, String function) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement call = connection.prepareStatement(function)) {
      for (String slot : slots) {
        call.setString(1, slot);
        call.execute();
      }
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}

package io.waltap.benchmarks;

import io.waltap.generator.TransactionSchema;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** A PostgreSQL of embedded binaries with the workload's table and publication. */
final class BenchmarkServer implements AutoCloseable {

  static final String USER = "postgres";
  static final String PASSWORD = "postgres";
  static final String DATABASE = "postgres";
  static final String PUBLICATION = "waltap";
  private static final int ROWS_PER_TRANSACTION = 1_000;

  private static final String INSERT =
      """
      INSERT INTO public.transactions (transaction_id, user_id, "timestamp", amount, currency, city,
        country, merchant_name, payment_method, ip_address, voucher_code, affiliate_id)
      SELECT gen_random_uuid(), 'marybelle.baumbach' || n,
        timestamp '2026-01-01' + n * interval '123 ms', round((10 + random() * 990)::numeric, 2),
        (ARRAY['USD', 'GBP'])[1 + n % 2], 'Port Lavonne', 'Saint Pierre and Miquelon',
        'Schuppe, Kirlin and Weissnat',
        (ARRAY['credit_card', 'debit_card', 'online_transfer'])[1 + n % 3], '203.17.94.' || n % 256,
        (ARRAY['', 'DISCOUNT10'])[1 + n % 2], gen_random_uuid()
      FROM generate_series(?::bigint, ?::bigint) n""";

  private final EmbeddedPostgres postgres;

  private BenchmarkServer(EmbeddedPostgres postgres) {
    this.postgres = postgres;
  }

  /**
   * Starts one. No checkpoint falls into a measurement, and commits wait for the disk.
   *
   * @param slots how many replication slots it will have
   */
  static BenchmarkServer start(int slots) throws IOException, SQLException {
    EmbeddedPostgres postgres =
        EmbeddedPostgres.builder()
            .setServerConfig("wal_level", "logical")
            .setServerConfig("synchronous_commit", "on")
            .setServerConfig("max_wal_size", "16GB")
            .setServerConfig("checkpoint_timeout", "1h")
            .setServerConfig("max_replication_slots", Integer.toString(slots))
            .start();
    BenchmarkServer server = new BenchmarkServer(postgres);
    try (Connection connection = server.connect()) {
      TransactionSchema.apply(connection);
    }
    return server;
  }

  String url() {
    return "jdbc:postgresql://localhost:" + port() + "/" + DATABASE;
  }

  int port() {
    return postgres.getPort();
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url(), USER, PASSWORD);
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

  void createSlots(List<String> slots) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement create =
            connection.prepareStatement(
                "SELECT pg_create_logical_replication_slot(?, 'pgoutput')")) {
      for (String slot : slots) {
        create.setString(1, slot);
        create.execute();
      }
    }
  }

  /** Inserts rows in transactions of a thousand. */
  void write(long rows) throws SQLException {
    try (Connection connection = connect();
        PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (long from = 1; from <= rows; from += ROWS_PER_TRANSACTION) {
        insert.setLong(1, from);
        insert.setLong(2, Math.min(rows, from + ROWS_PER_TRANSACTION - 1));
        insert.executeUpdate();
      }
    }
  }

  @Override
  public void close() throws IOException {
    postgres.close();
  }
}

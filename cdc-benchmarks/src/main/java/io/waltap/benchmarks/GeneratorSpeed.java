package io.waltap.benchmarks;

import io.waltap.generator.InsertStyle;
import io.waltap.generator.Mix;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;

/** How fast the generator writes rows that it makes up, beside the same rows ready-made. */
final class GeneratorSpeed implements Measure {

  /**
   * Whose rows are written.
   *
   * @param name in the table
   */
  private record Rows(String name) implements Contender {}

  static final Contender READY_MADE = new Rows("ready-made");
  static final Contender GENERATED = new Rows("generated");

  static final Metric COPY = new Metric("by COPY", "rows/s", 0);
  static final Metric BATCH = new Metric("by batches of INSERT", "rows/s", 0);

  private static final int ROWS_PER_TRANSACTION = 10_000;
  private static final String TABLE = WorkTable.TRANSACTIONS.name();

  /** All but those that the triggers fill. */
  private static final List<String> COLUMNS =
      List.of(
          "transaction_id",
          "user_id",
          "\"timestamp\"",
          "amount",
          "currency",
          "city",
          "country",
          "merchant_name",
          "payment_method",
          "ip_address",
          "voucher_code",
          "affiliate_id");

  private static final String INTO = TABLE + " (" + String.join(", ", COLUMNS) + ")";

  /** Rows that are there, in both forms, for one transaction after the other. */
  private record Ready(List<String> copies, List<List<Object[]>> batches) {}

  @Override
  public String name() {
    return "generator";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "The generator",
            """
            Rows of `public.transactions` in transactions of 10,000, with the table's triggers, on \
            one connection. Ready-made are the very rows that were generated before, read into \
            memory.""",
            List.of(READY_MADE, GENERATED));
    BenchmarkServer server = bench.server();
    server.publish(List.of(WorkTable.TRANSACTIONS));
    generate(server, bench.plan().generatedRows(), InsertStyle.COPY); // warm, and worth keeping
    Ready ready = ready(server);
    for (int round = 1; round <= bench.plan().rounds(); round++) {
      add(bench, section, round, COPY, READY_MADE, () -> copy(server, ready));
      add(bench, section, round, COPY, GENERATED, () -> generated(bench, InsertStyle.COPY));
      add(bench, section, round, BATCH, READY_MADE, () -> batch(server, ready));
      add(bench, section, round, BATCH, GENERATED, () -> generated(bench, InsertStyle.BATCH));
    }
    server.execute("TRUNCATE " + TABLE);
    return section;
  }

  /** What is timed. */
  private interface Work {
    void run() throws SQLException, IOException;
  }

  private static void add(
      Bench bench, Section section, int round, Metric metric, Contender writer, Work work)
      throws SQLException, IOException {
    bench.server().execute("TRUNCATE " + TABLE, "CHECKPOINT");
    long begun = System.nanoTime();
    work.run();
    double seconds = (System.nanoTime() - begun) / 1e9;
    double speed = bench.plan().generatedRows() / seconds;
    section.add(metric, writer, speed);
    bench.progress().step(metric.name(), round, writer, metric.format(speed) + " rows/s");
  }

  private static void generated(Bench bench, InsertStyle style) throws SQLException {
    generate(bench.server(), bench.plan().generatedRows(), style);
  }

  private static void generate(BenchmarkServer server, long rows, InsertStyle style)
      throws SQLException {
    try (Connection connection = connect(server)) {
      io.waltap.generator.Workload.builder()
          .seed(1)
          .count(rows)
          .mix(new Mix(1, 0, 0))
          .inserts(style)
          .rowsPerTransaction(ROWS_PER_TRANSACTION)
          .build()
          .run(connection);
    }
  }

  // Batches become statements with many rows, for both.
  private static Connection connect(BenchmarkServer server) throws SQLException {
    return DriverManager.getConnection(
        server.url() + "?reWriteBatchedInserts=true",
        BenchmarkServer.USER,
        BenchmarkServer.PASSWORD);
  }

  private static void copy(BenchmarkServer server, Ready ready) throws SQLException, IOException {
    try (Connection connection = connect(server)) {
      connection.setAutoCommit(false);
      for (String lines : ready.copies()) {
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY " + INTO + " FROM STDIN", new StringReader(lines));
        connection.commit();
      }
    }
  }

  private static void batch(BenchmarkServer server, Ready ready) throws SQLException {
    String values = String.join(", ", Collections.nCopies(COLUMNS.size(), "?"));
    try (Connection connection = connect(server);
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO " + INTO + " VALUES (" + values + ")")) {
      connection.setAutoCommit(false);
      for (List<Object[]> rows : ready.batches()) {
        for (Object[] row : rows) {
          for (int i = 0; i < row.length; i++) {
            insert.setObject(i + 1, row[i]);
          }
          insert.addBatch();
        }
        insert.executeBatch();
        connection.commit();
      }
    }
  }

  private static Ready ready(BenchmarkServer server) throws SQLException, IOException {
    try (Connection connection = server.connect()) {
      return new Ready(copies(connection), batches(connection));
    }
  }

  private static List<String> copies(Connection connection) throws SQLException, IOException {
    StringWriter all = new StringWriter();
    String query = "SELECT " + String.join(", ", COLUMNS) + " FROM " + TABLE;
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyOut("COPY (" + query + ") TO STDOUT", all);
    return inTransactions(all.toString().lines().toList()).stream()
        .map(lines -> String.join("\n", lines) + "\n")
        .toList();
  }

  private static List<List<Object[]>> batches(Connection connection) throws SQLException {
    List<Object[]> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT " + String.join(", ", COLUMNS) + " FROM " + TABLE)) {
      while (row.next()) {
        Object[] values = new Object[COLUMNS.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = row.getObject(i + 1);
        }
        rows.add(values);
      }
    }
    return inTransactions(rows);
  }

  private static <T> List<List<T>> inTransactions(List<T> rows) {
    return IntStream.iterate(0, from -> from < rows.size(), from -> from + ROWS_PER_TRANSACTION)
        .mapToObj(from -> rows.subList(from, Math.min(rows.size(), from + ROWS_PER_TRANSACTION)))
        .toList();
  }
}

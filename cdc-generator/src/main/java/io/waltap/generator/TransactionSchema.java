package io.waltap.generator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sees to it that a database has the table that the workload writes to. */
public final class TransactionSchema {

  private static final Set<String> TEXT = Set.of("text", "character varying");
  private static final Set<String> TIME =
      Set.of("timestamp without time zone", "timestamp with time zone");

  /** The columns that the writer fills, with the types that take what it fills them with. */
  private static final Map<String, Set<String>> COLUMNS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("transaction_id", TEXT),
              Map.entry("user_id", TEXT),
              Map.entry("timestamp", TIME),
              Map.entry("amount", Set.of("numeric")),
              Map.entry("currency", TEXT),
              Map.entry("city", TEXT),
              Map.entry("country", TEXT),
              Map.entry("merchant_name", TEXT),
              Map.entry("payment_method", TEXT),
              Map.entry("ip_address", TEXT),
              Map.entry("voucher_code", TEXT),
              Map.entry("affiliate_id", TEXT)));

  private static final String COLUMNS_OF_THE_TABLE =
      """
      SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
      WHERE attrelid = to_regclass('public.transactions') AND attnum > 0 AND NOT attisdropped""";

  private TransactionSchema() {}

  /**
   * Creates {@code public.transactions} with its history triggers and its publication {@code
   * waltap}, all or nothing, if there is no such table; else only looks whether the workload can
   * use the one that is there. If autocommit is off, the caller commits.
   *
   * @throws IllegalStateException if there is such a table with other columns; the message names
   *     them
   */
  public static void apply(Connection connection) throws SQLException {
    Map<String, String> found = columns(connection);
    if (found.isEmpty()) {
      run(connection, "01-transactions.sql", "02-change-history.sql", "03-publication.sql");
    } else {
      check(found);
    }
  }

  /**
   * Creates the role {@code cdc}, which may read the changes and nothing else, unless it is there.
   * Its password is publicly known, so this is for demonstrations, and never done by {@link
   * #apply}.
   */
  public static void applyDemonstrationRole(Connection connection) throws SQLException {
    run(connection, "04-role.sql");
  }

  private static Map<String, String> columns(Connection connection) throws SQLException {
    Map<String, String> columns = new HashMap<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(COLUMNS_OF_THE_TABLE)) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getString(2));
      }
    }
    return columns;
  }

  private static void check(Map<String, String> found) {
    List<String> faults = new ArrayList<>();
    COLUMNS.forEach(
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
          "The table public.transactions is not the one of the workload ("
              + String.join(", ", faults)
              + "): rename it or use another database.");
    }
  }

  /** One call, so one transaction also in autocommit mode. */
  private static void run(Connection connection, String... scripts) throws SQLException {
    StringBuilder sql = new StringBuilder();
    for (String script : scripts) {
      sql.append(read(script)).append('\n');
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql.toString());
    }
  }

  private static String read(String script) {
    try (InputStream in = TransactionSchema.class.getResourceAsStream("sql/" + script)) {
      if (in == null) {
        throw new IllegalStateException("The script " + script + " is not on the class path.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

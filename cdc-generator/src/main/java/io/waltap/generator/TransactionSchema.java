package io.waltap.generator;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Sees to it that a database has the table that the workload writes to. */
public final class TransactionSchema {

  private static final Set<String> TIME =
      Set.of("timestamp without time zone", "timestamp with time zone");

  private static final Set<String> TEXT = TableShape.TEXT;
  private static final TableShape SHAPE =
      new TableShape(
          "public.transactions",
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
                  Map.entry("affiliate_id", TEXT))));

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
    if (!SHAPE.isThere(connection)) {
      Scripts.run(
          connection,
          "sql/01-transactions.sql",
          "sql/02-change-history.sql",
          "sql/03-publication.sql");
    }
  }

  /**
   * Creates the role {@code cdc}, which may read the changes and nothing else, unless it is there.
   * Its password is publicly known, so this is for demonstrations, and never done by {@link
   * #apply}.
   */
  public static void applyDemonstrationRole(Connection connection) throws SQLException {
    Scripts.run(connection, "sql/04-role.sql");
  }
}

package io.waltap.chaos;

import io.waltap.event.TableId;
import io.waltap.generator.TransactionSchema;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables that the campaign writes to: the generator's, and some that are made for trouble. */
final class ChaosSchema {

  /** What is captured. */
  static final List<TableId> TABLES =
      List.of(
          new TableId("public", "transactions"),
          new TableId("chaos", "account"),
          new TableId("chaos", "event"),
          new TableId("chaos", "scratch"),
          new TableId("chaos", "marker"));

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE SCHEMA chaos",
          """
          CREATE TABLE chaos.account (id bigint PRIMARY KEY, owner int NOT NULL,
            balance numeric NOT NULL, note text, document text)""",
          "ALTER TABLE chaos.account ALTER document SET STORAGE EXTERNAL",
          """
          CREATE TABLE chaos.event (writer int, seq bigint, payload text,
            PRIMARY KEY (writer, seq))""",
          "CREATE TABLE chaos.scratch (id bigint PRIMARY KEY, value text)",
          "CREATE TABLE chaos.marker (id int PRIMARY KEY)",
          """
          ALTER PUBLICATION waltap ADD TABLE chaos.account, chaos.event, chaos.scratch,
            chaos.marker""");

  private ChaosSchema() {}

  static void create(Connection connection) throws SQLException {
    TransactionSchema.apply(connection);
    try (Statement statement = connection.createStatement()) {
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
    }
  }
}

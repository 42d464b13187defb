package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent;
import io.waltap.event.LogicalMessage;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What one transaction did comes as a unit, and with the request that it was made for. */
public final class TransactionsMain {

  private TransactionsMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    server.execute(
        "CREATE TABLE accounts (id text PRIMARY KEY, balance numeric)",
        "ALTER TABLE accounts REPLICA IDENTITY FULL",
        "GRANT SELECT ON accounts TO cdc",
        "INSERT INTO accounts VALUES ('ann', 100), ('bob', 0)",
        "ALTER PUBLICATION waltap ADD TABLE accounts");
    List<String> units = new ArrayList<>();
    try (CdcEngine engine =
        CdcEngine.builder(server.config())
            .onTransaction(
                unit -> {
                  units.add(describe(unit));
                  out.println(describe(unit));
                },
                Table.of("public.accounts"),
                Table.of("public.transactions", Transaction.class))
            .pieces(100)
            .offsets(new InMemoryOffsetStore()) // the default is a file
            .start()) {
      inOneTransaction(
          server,
          "SELECT pg_logical_emit_message(true, 'request', 'r-17')",
          "UPDATE accounts SET balance = balance - 30 WHERE id = 'ann'",
          "UPDATE accounts SET balance = balance + 30 WHERE id = 'bob'",
          "INSERT INTO transactions (transaction_id, user_id, amount) VALUES ('t1', 'ann', 30)");
      inOneTransaction(
          server,
          "INSERT INTO transactions (transaction_id) SELECT 'n' || n FROM generate_series(1, 250) n");
      server.awaitProcessed(engine);
    }
    Proof.that(
        units.contains(
            "Request r-17: UPDATE of accounts, UPDATE of accounts, INSERT of transactions"),
        "the three changes of the request as a unit");
    Proof.that(units.contains("50 changes, piece 3, the last"), "250 changes in three pieces");
  }

  /** Large transactions come in pieces, and so do the rows that were there before. */
  private static String describe(io.waltap.event.Transaction unit) {
    if (unit.id() == null) {
      return "There before: " + unit.changes().size() + " rows";
    }
    if (unit.piece() > 1 || !unit.last()) {
      return unit.changes().size()
          + (" changes, piece " + unit.piece())
          + (unit.last() ? ", the last" : "");
    }
    List<String> requests = unit.messages().stream().map(LogicalMessage::text).toList();
    List<String> changes = unit.changes().stream().map(TransactionsMain::what).toList();
    return "Request " + String.join(", ", requests) + ": " + String.join(", ", changes);
  }

  private static String what(ChangeEvent<?> change) {
    return change.operation() + " of " + change.table().name();
  }

  private static void inOneTransaction(DemoServer server, String... statements)
      throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String sql : statements) {
        statement.execute(sql);
      }
      connection.commit();
    }
  }
}

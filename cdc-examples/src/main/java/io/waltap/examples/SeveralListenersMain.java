package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent;
import io.waltap.event.Operation;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Several listeners for one table, each for what concerns it, and one for the other tables. */
public final class SeveralListenersMain {

  private SeveralListenersMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    server.execute(
        "CREATE TABLE merchants (name text PRIMARY KEY)",
        "ALTER TABLE merchants REPLICA IDENTITY FULL",
        "GRANT SELECT ON merchants TO cdc",
        "ALTER PUBLICATION waltap ADD TABLE merchants");
    List<String> told = new ArrayList<>();
    Table<Transaction> transactions = Table.of("public.transactions", Transaction.class);
    try (CdcEngine engine =
        CdcEngine.builder(server.config())
            .listen(transactions, change -> told.add("welcome: " + what(change)))
            .only(Operation.INSERT)
            .listen(transactions, change -> told.add("fraud:   " + what(change)))
            .only(Operation.UPDATE)
            .whenChanged("amount", "currency")
            .listen(transactions, change -> told.add("archive: " + what(change)))
            .listenAll(change -> told.add("others:  " + what(change)))
            .offsets(new InMemoryOffsetStore()) // the default is a file
            .start()) {
      server.execute(
          "INSERT INTO transactions (transaction_id, amount) VALUES ('t1', 10.10)",
          "UPDATE transactions SET city = 'Bonn' WHERE transaction_id = 't1'",
          "UPDATE transactions SET amount = 12.50 WHERE transaction_id = 't1'",
          "INSERT INTO merchants VALUES ('Baker')");
      server.awaitProcessed(engine);
    }
    told.forEach(out::println);
    Proof.that(
        told.equals(
            List.of(
                "welcome: INSERT of transactions",
                "archive: INSERT of transactions",
                "archive: UPDATE of transactions",
                "fraud:   UPDATE of transactions",
                "archive: UPDATE of transactions",
                "others:  INSERT of merchants")),
        "each listener told of what concerns it, in order");
  }

  private static String what(ChangeEvent<?> change) {
    return change.operation() + " of " + change.table().name();
  }
}

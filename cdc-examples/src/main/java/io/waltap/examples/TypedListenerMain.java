package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Rows arrive as records, and each operation has just what it has: switch over it. */
public final class TypedListenerMain {

  private TypedListenerMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    server.execute(
        "INSERT INTO transactions (transaction_id, user_id, amount) VALUES ('t1', 'ann', 10.10)");
    try (CdcEngine engine =
        CdcEngine.builder(server.config())
            .listen(
                Table.of("public.transactions", Transaction.class),
                change -> out.println(describe(change)))
            .offsets(new InMemoryOffsetStore()) // the default is a file
            .start()) {
      // A TRUNCATE would take the rows away from the snapshot that is being read.
      engine.awaitStreaming(Duration.ofSeconds(30));
      server.execute(
          "INSERT INTO transactions (transaction_id, user_id, amount) VALUES ('t2', 'bob', 5.00)",
          "UPDATE transactions SET amount = 12.50 WHERE transaction_id = 't1'",
          "DELETE FROM transactions WHERE transaction_id = 't2'",
          "TRUNCATE transactions");
      server.awaitProcessed(engine);
    }
  }

  /** On Java 21 the records themselves can be the cases of the switch, without a cast. */
  private static String describe(ChangeEvent<Transaction> change) {
    return switch (change.operation()) {
      case READ -> spent(((Read<Transaction>) change).after()) + " (was there before)";
      case INSERT -> spent(((Insert<Transaction>) change).after());
      case UPDATE -> {
        Update<Transaction> update = (Update<Transaction>) change;
        yield spent(update.after()) + " (before: " + spent(update.before()) + ")";
      }
      case DELETE -> "gone: " + spent(((Delete<Transaction>) change).before());
      case TRUNCATE -> "gone: all rows of " + change.table();
    };
  }

  /** The old row is there because the table has REPLICA IDENTITY FULL; else it would be null. */
  private static String spent(@Nullable Transaction row) {
    return row == null ? "an unknown row" : row.userId() + " spent " + row.amount();
  }
}

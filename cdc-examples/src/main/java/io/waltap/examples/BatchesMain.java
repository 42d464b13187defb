package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.generator.Mix;
import io.waltap.generator.Workload;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A listener gets many changes at once, and writes them to another table in one go. */
public final class BatchesMain {

  private static final int MOST = 500;

  private BatchesMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, 5_000, System.out);
    }
  }

  static void run(DemoServer server, int rows, PrintStream out) throws Exception {
    server.execute("CREATE TABLE archive (transaction_id text PRIMARY KEY, amount numeric)");
    List<Integer> sizes = Collections.synchronizedList(new ArrayList<>());
    try (Connection writer = server.connect();
        Connection archive = server.connect();
        CdcEngine engine =
            CdcEngine.builder(server.config())
                .listenInBatches(
                    Table.of("public.transactions", Transaction.class),
                    changes -> {
                      save(changes, archive);
                      sizes.add(changes.size());
                    })
                .batches(MOST, Duration.ofMillis(200))
                .offsets(new InMemoryOffsetStore()) // the default is a file
                .start()) {
      Workload.builder().mix(new Mix(100, 0, 0)).count(rows).build().run(writer);
      server.awaitProcessed(engine);
    }
    int largest = Collections.max(sizes);
    int archived = server.number("SELECT count(*) FROM archive").intValueExact();
    out.printf("%d inserts came in %d batches of up to %d.%n", rows, sizes.size(), largest);
    out.printf("The archive has %d rows.%n", archived);
    Proof.that(largest > 1 && largest <= MOST, "batches of 2 to " + MOST + " changes");
    Proof.that(archived == rows, "every row in the archive, once");
  }

  /** In one transaction; after a crash a batch comes again, so it does no harm twice. */
  private static void save(List<ChangeEvent<Transaction>> changes, Connection archive)
      throws SQLException {
    archive.setAutoCommit(false);
    try (PreparedStatement insert =
        archive.prepareStatement("INSERT INTO archive VALUES (?, ?) ON CONFLICT DO NOTHING")) {
      for (ChangeEvent<Transaction> change : changes) {
        if (change instanceof Insert<Transaction> inserted) {
          insert.setString(1, inserted.after().transactionId());
          insert.setBigDecimal(2, inserted.after().amount());
          insert.addBatch();
        }
      }
      insert.executeBatch();
    }
    archive.commit();
  }
}

package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.EngineStatus;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Lsn;
import io.waltap.generator.Mix;
import io.waltap.generator.Workload;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.sql.Connection;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Delivery is paused, the backlog grows to its bound and the server keeps the rest; then it goes
 * on, and whoever has written something waits until the listener has it.
 */
public final class PauseMain {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private PauseMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, System.out);
    }
  }

  static void run(DemoServer server, PrintStream out) throws Exception {
    Set<String> view = ConcurrentHashMap.newKeySet();
    try (Connection connection = server.connect();
        CdcEngine engine =
            CdcEngine.builder(
                    server.config().toBuilder().maxQueueSize(200).maxBatchSize(100).build())
                .listen(
                    Table.of("public.transactions", Transaction.class),
                    change -> {
                      if (change instanceof Insert<Transaction> insert) {
                        view.add(insert.after().transactionId());
                      }
                    })
                .offsets(new InMemoryOffsetStore()) // the default is a file
                .start()) {
      engine.awaitStreaming(PATIENCE);
      engine.pause();
      Workload.builder().mix(new Mix(100, 0, 0)).count(2_000).build().run(connection);
      Lsn written = DemoServer.writtenSoFar(connection);

      EngineStatus status = statusOnceFull(engine, written);
      out.println("Paused: 2000 rows were written, and the listener has " + view.size() + ".");
      out.println(status.backlog().queued() + " wait here; the server keeps the others.");
      Proof.that(view.isEmpty() && status.paused(), "nothing delivered during a pause");
      Proof.that(status.backlog().queued() < 1_000, "a bounded backlog");

      engine.resume();
      Proof.that(engine.awaitProcessed(written, PATIENCE), "all of it after the pause");
      out.println("Resumed: the listener has " + view.size() + ".");
      Proof.that(view.size() == 2_000, "2000 rows");

      server.execute("INSERT INTO transactions (transaction_id) VALUES ('mine')");
      engine.awaitProcessed(DemoServer.writtenSoFar(connection), PATIENCE);
      out.println("My own row, after awaitProcessed: " + view.contains("mine"));
      Proof.that(view.contains("mine"), "what was written before");
    }
  }

  /** What is committed is not processed during a pause, however long one waits. */
  private static EngineStatus statusOnceFull(CdcEngine engine, Lsn written)
      throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    EngineStatus status = engine.status();
    while (!status.backlog().full() && System.nanoTime() < deadline) {
      boolean processed = engine.awaitProcessed(written, Duration.ofMillis(100));
      Proof.that(!processed, "a pause");
      status = engine.status();
    }
    Proof.that(status.backlog().full(), "a backlog at its bound");
    return status;
  }
}

package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.table.Table;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A slow listener is called for several keys at once; the changes of one key stay in order. */
public final class WorkersMain {

  private static final int KEYS = 40;
  private static final int WORKERS = 8;

  private WorkersMain() {}

  /** Shows it on an embedded PostgreSQL. */
  public static void main(String[] args) throws Exception {
    try (DemoServer server = DemoServer.start()) {
      run(server, 20, System.out);
    }
  }

  static void run(DemoServer server, int rounds, PrintStream out) throws Exception {
    server.execute(
        "INSERT INTO transactions (transaction_id, amount)"
            + (" SELECT 'key-' || n, 0 FROM generate_series(1, " + KEYS + ") n"));
    OffsetStore position = new InMemoryOffsetStore(); // the default is a file
    Counter alone = new Counter();
    Duration one = deliver(server, position, 1, rounds, alone);
    Counter together = new Counter();
    Duration eight = deliver(server, position, WORKERS, rounds, together);

    out.printf("%d changes, of which each takes 5 ms:%n", KEYS * rounds);
    out.printf("by one worker     %s s%n", seconds(one));
    out.printf("by eight workers  %s s, on %d threads%n", seconds(eight), together.threads.size());
    Proof.that(alone.isInOrder(rounds) && together.isInOrder(rounds), "each key in order");
    Proof.that(eight.multipliedBy(2).compareTo(one) < 0, "less than half of the time");
  }

  private static Duration deliver(
      DemoServer server, OffsetStore position, int workers, int rounds, Counter counter)
      throws Exception {
    try (CdcEngine engine =
        CdcEngine.builder(server.config())
            .listen(Table.of("public.transactions", Transaction.class), counter.listener())
            .workers(workers)
            .offsets(position)
            .start()) {
      server.awaitProcessed(engine);
      engine.pause(); // to measure the deliveries, not the writes
      for (int round = 1; round <= rounds; round++) {
        server.execute("UPDATE transactions SET amount = " + round);
      }
      long begun = System.nanoTime();
      engine.resume();
      server.awaitProcessed(engine);
      return Duration.ofNanos(System.nanoTime() - begun);
    }
  }

  private static String seconds(Duration time) {
    return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3);
  }

  /** Counts for each key how often the round that came was the one that was due. */
  private static final class Counter {

    private final Map<String, Integer> inOrder = new ConcurrentHashMap<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    ChangeListener<Transaction> listener() {
      return change -> {
        if (change instanceof Update<Transaction> update) {
          Transaction row = update.after();
          TimeUnit.MILLISECONDS.sleep(5);
          threads.add(Thread.currentThread());
          int due = inOrder.getOrDefault(row.transactionId(), 0) + 1;
          if (Objects.requireNonNull(row.amount()).intValueExact() == due) {
            inOrder.put(row.transactionId(), due);
          }
        }
      };
    }

    boolean isInOrder(int rounds) {
      return inOrder.size() == KEYS && inOrder.values().stream().allMatch(n -> n == rounds);
    }
  }
}

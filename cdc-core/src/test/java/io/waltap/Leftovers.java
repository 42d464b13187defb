package io.waltap;

import io.waltap.event.ChangeEvent.Insert;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;

/** Items, and what an engine that was stopped may leave: threads, connections, the slot. */
abstract class Leftovers extends ItemTable {

  private Set<Thread> before = Set.of();

  @BeforeEach
  void rememberThreads() {
    before = Set.copyOf(Thread.getAllStackTraces().keySet());
  }

  /** The names of an engine's threads. */
  Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.matches("(?i).*(waltap|debezium).*|pool-.*"))
        .collect(Collectors.toSet());
  }

  long connections() {
    return Long.parseLong(
        database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid()"));
  }

  void awaitNoConnection() {
    Await.until("all connections are closed", () -> connections() == 0);
  }

  void awaitThreads(Set<String> left) {
    Await.until("no threads but " + left + ": " + threads(), () -> threads().equals(left));
  }

  void assertNothingIsLeft() {
    awaitNoConnection();
    awaitFreeSlot();
    awaitThreads(Set.of());
  }

  void insert(int from, int to) {
    database.execute(
        "INSERT INTO item SELECT i, i, '' FROM generate_series(" + from + ", " + to + ") i");
  }

  /** What the next engine is given. */
  List<Integer> redelivered() throws InterruptedException {
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      awaitProcessed(engine);
    }
    return listener.events().stream().map(e -> ((Insert<Item>) e).after().id()).toList();
  }

  static Thread started(Runnable work) {
    Thread thread = new Thread(work, "test");
    thread.start();
    return thread;
  }

  /** Ignores interrupts, as bad listeners do. */
  static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // on with it
      }
    }
  }
}

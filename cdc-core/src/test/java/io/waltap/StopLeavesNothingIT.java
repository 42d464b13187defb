package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * A stop from anywhere, at any moment, whatever listeners do meanwhile: it comes to an end, nothing
 * is lost, and nothing is left.
 */
@Timeout(120)
class StopLeavesNothingIT extends ItemTable {

  private static final Duration SHORT = Duration.ofSeconds(1);

  private Set<Thread> before = Set.of();

  @BeforeEach
  void rememberThreads() {
    before = Set.copyOf(Thread.getAllStackTraces().keySet());
  }

  private Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !before.contains(thread))
        .map(Thread::getName)
        .filter(name -> name.matches("(?i).*(waltap|debezium|pool-).*"))
        .collect(Collectors.toSet());
  }

  private void assertNothingIsLeft() {
    Await.until("all connections are closed", () -> connections() == 0);
    awaitFreeSlot();
    Await.until("threads have ended: " + threads(), () -> threads().isEmpty());
  }

  private long connections() {
    return Long.parseLong(
        database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid()"));
  }

  @Test
  void aHangingListenerKeepsItsThreadAndNothingElse() throws Exception {
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Logger root = (Logger) LoggerFactory.getLogger("io.waltap");
    log.start();
    root.addAppender(log);
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> hanging = new CompletableFuture<>();
    CdcConfig config = config().stopTimeout(SHORT).build();
    CdcEngine engine =
        CdcEngine.builder(config)
            .listen(
                ITEMS,
                event -> {
                  hanging.complete(Thread.currentThread().getName());
                  inside.countDown();
                  awaitUninterruptibly(release);
                })
            .start();
    try {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      insert(1, 2);
      inside.await();
      engine.close();
      assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
      Await.until("all connections are closed", () -> connections() == 0);
      awaitFreeSlot();
      Await.until(
          "only the listener's thread is left: " + threads(),
          () -> threads().equals(Set.of(hanging.join())));
      assertThat(log.list)
          .filteredOn(line -> line.getLevel() == Level.WARN)
          .extracting(ILoggingEvent::getFormattedMessage)
          .anySatisfy(line -> assertThat(line).contains("a listener did not return within PT1S"));
      assertThat(redelivered()).as("another engine, while it hangs").containsExactly(1, 2);
    } finally {
      release.countDown();
      root.detachAppender(log);
    }
    assertNothingIsLeft();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // ignores it, as bad listeners do
      }
    }
  }

  @Test
  void anInterruptedStartLeavesNothing() throws Exception {
    // A new slot waits for the transactions that are open.
    try (java.sql.Connection writer = database.connect()) {
      writer.setAutoCommit(false);
      writer.createStatement().execute("INSERT INTO item VALUES (1, 1, '')");
      CompletableFuture<Throwable> thrown = new CompletableFuture<>();
      Thread starter =
          started(
              () ->
                  thrown.complete(
                      catchThrowable(
                          () ->
                              CdcEngine.builder(config().stopTimeout(SHORT).build())
                                  .listen(ITEMS, event -> {})
                                  .start())));
      Await.until(
          "the slot is being created",
          () ->
              !database
                  .column(
                      "SELECT slot_name FROM pg_replication_slots WHERE slot_name = '"
                          + database.name()
                          + "'")
                  .isEmpty());
      starter.interrupt();
      Await.until("start has given up, though the transaction is open", thrown::isDone);
      assertThat(thrown.join()).isInstanceOf(InterruptedException.class);
    }
    Await.until("all connections are closed", () -> connections() == 0);
    Await.until("threads have ended: " + threads(), () -> threads().isEmpty());
  }

  private void insert(int from, int to) {
    database.execute(
        "INSERT INTO item SELECT i, i, '' FROM generate_series(" + from + ", " + to + ") i");
  }

  private static Thread started(Runnable work) {
    Thread thread = new Thread(work, "test");
    thread.start();
    return thread;
  }

  private List<Integer> redelivered() throws InterruptedException {
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      awaitProcessed(engine);
    }
    return listener.events().stream().map(e -> ((Insert<Item>) e).after().id()).toList();
  }
}

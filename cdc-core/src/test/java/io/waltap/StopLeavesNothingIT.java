package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What is left after a stop that a listener or the server holds up: nothing of ours. */
@Timeout(120)
class StopLeavesNothingIT extends Leftovers {

  private static final Duration SHORT = Duration.ofSeconds(1);

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void keepLog() {
    log.start();
    ((Logger) LoggerFactory.getLogger("io.waltap")).addAppender(log);
  }

  @AfterEach
  void dropLog() {
    ((Logger) LoggerFactory.getLogger("io.waltap")).detachAppender(log);
  }

  private List<String> warnings() {
    return log.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void aHangingListenerKeepsItsThreadAndNothingElse() throws Exception {
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
      awaitNoConnection();
      awaitFreeSlot();
      awaitThreads(Set.of(hanging.join()));
      assertThat(warnings())
          .anySatisfy(line -> assertThat(line).contains("a listener did not return within PT1S"));
      assertThat(redelivered()).as("another engine, while it hangs").containsExactly(1, 2);
    } finally {
      release.countDown();
    }
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineState.class,
      names = {"SNAPSHOTTING", "STREAMING", "STOPPING", "STOPPED", "FAILED"})
  void aHangingStateListenerKeepsItsThreadAndNothingElse(EngineState moment) throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<String> hanging = new CompletableFuture<>();
    List<EngineState> told = new CopyOnWriteArrayList<>();
    EngineListener listener =
        (from, to, failure) -> {
          if (to == moment) {
            hanging.complete(Thread.currentThread().getName());
            awaitUninterruptibly(release);
          }
          told.add(to);
        };
    insert(1, 1);
    CdcEngine engine =
        CdcEngine.builder(config().stopTimeout(SHORT).build())
            .listen(ITEMS, event -> refuse(moment == EngineState.FAILED && event instanceof Insert))
            .onState(listener)
            .start();
    try {
      insert(2, 2);
      if (!List.of(EngineState.STOPPING, EngineState.STOPPED).contains(moment)) {
        hanging.join();
      }
      Instant begun = Instant.now();
      engine.close();
      awaitFreeSlot();
      assertThat(begun).isAfter(Instant.now().minusSeconds(10));
      assertThat(engine.state().isFinal()).isTrue();
      awaitNoConnection();
      awaitThreads(Set.of(hanging.join()));
      assertThat(warnings())
          .anySatisfy(line -> assertThat(line).contains("a state listener did not return within"));
    } finally {
      release.countDown();
    }
    assertNothingIsLeft();
    assertThat(told).as("all states, in order").endsWith(engine.state()).isSorted();
  }

  private static void refuse(boolean refused) {
    if (refused) {
      throw new IllegalStateException("refused");
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
    awaitNoConnection();
    awaitThreads(Set.of());
  }
}

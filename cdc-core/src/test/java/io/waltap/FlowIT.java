package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.EngineStatus.Backlog;
import io.waltap.event.Lsn;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Pauses, back-pressure, and the barrier for those who read what they wrote. */
@Timeout(120)
class FlowIT extends ListenedItems {

  private final RecordingListener<Item> first = new RecordingListener<>();
  private final RecordingListener<Item> second = new RecordingListener<>();
  private final AtomicInteger batched = new AtomicInteger();
  private final AtomicInteger units = new AtomicInteger();

  /** One listener of each kind. */
  private CdcEngine.Builder allKinds() {
    return CdcEngine.builder(config().heartbeatInterval(Duration.ofMillis(100)).build())
        .listen(ITEMS, first)
        .listen(ITEMS, second)
        .workers(4)
        .listenInBatches(ITEMS, changes -> batched.addAndGet(changes.size()))
        .onTransaction(transaction -> units.incrementAndGet(), ITEMS);
  }

  private void assertDelivered(int count) {
    assertThat(ids(first.events())).containsExactly(numbers(1, count));
    assertThat(ids(second.events())).containsExactlyInAnyOrder(numbers(1, count));
    assertThat(batched).hasValue(count);
  }

  private void assertNothingDelivered() {
    assertThat(first.events()).isEmpty();
    assertThat(second.events()).isEmpty();
    assertThat(batched).hasValue(0);
    assertThat(units).hasValue(0);
  }

  /** Waits until everything has arrived that was written so far, and the way of more. */
  private void awaitReceived(CdcEngine engine) {
    Lsn written = now();
    Await.until(
        "all has arrived",
        () -> {
          Lsn received = engine.status().received();
          return received != null && received.compareTo(written) >= 0;
        });
  }

  @Test
  void aPauseLetsNothingBeginUntilItEnds() throws Exception {
    try (CdcEngine engine = running(allKinds())) {
      engine.pause();
      engine.pause();
      insert(1, 100);
      Lsn written = now();
      awaitReceived(engine);
      assertThat(engine.awaitProcessed(written, Duration.ofMillis(500))).isFalse();
      assertThat(engine.status().paused()).isTrue();
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
      assertNothingDelivered();
      engine.resume();
      assertThat(engine.awaitProcessed(written, SOON)).isTrue();
      assertThat(engine.status().paused()).isFalse();
    }
    assertDelivered(100);
    assertThat(units).hasValue(1);
  }

  @Test
  void aPauseStopsWorkersAndBatchesToo() throws Exception {
    CountDownLatch inside = new CountDownLatch(3);
    CountDownLatch proceed = new CountDownLatch(1);
    CdcEngine.Builder builder =
        builder()
            .listen(
                ITEMS,
                change -> {
                  inside.countDown();
                  proceed.await();
                  first.onChange(change);
                })
            .workers(2)
            .listenInBatches(
                ITEMS,
                changes -> {
                  inside.countDown();
                  proceed.await();
                  batched.addAndGet(changes.size());
                })
            .batches(10, Duration.ZERO);
    try (CdcEngine engine = running(builder)) {
      insert(1, 100);
      inside.await();
      awaitWorking(engine, 200);
      engine.pause();
      proceed.countDown();
      first.await(2);
      Await.until("the batch that was at work is accepted", () -> batched.get() > 0);
      assertThat(engine.awaitProcessed(now(), Duration.ofMillis(300))).isFalse();
      assertThat(first.events()).as("what was at work, and no more").hasSize(2);
      assertThat(batched.get()).isLessThanOrEqualTo(10);
      engine.resume();
      awaitProcessed(engine);
      assertThat(first.events()).hasSize(100);
      assertThat(batched).hasValue(100);
    }
  }

  @Test
  void heartbeatsDoNotTakeAPauseForAStall() throws Exception {
    List<EngineState> states = new CopyOnWriteArrayList<>();
    try (CdcEngine engine = running(allKinds().onState((from, to, failure) -> states.add(to)))) {
      engine.pause();
      insert(1, 100);
      Await.until("many heartbeats wait", () -> isLongerThan(4, engine.status().lag()));
      assertThat(states).doesNotContain(EngineState.RECONNECTING);
      engine.resume();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isZero();
    }
    assertDelivered(100);
  }

  private static boolean isLongerThan(int seconds, @Nullable Duration lag) {
    return lag != null && lag.toSeconds() >= seconds;
  }

  @Test
  void aLineThatIsCutDuringAPauseIsTakenUpAgainAndStaysPaused() throws Exception {
    try (CdcEngine engine = running(allKinds())) {
      engine.pause();
      insert(1, 100);
      awaitReceived(engine);
      endWalSender();
      insert(101, 200);
      Await.until("it is told", () -> engine.status().paused());
      assertThat(engine.awaitProcessed(now(), Duration.ofSeconds(3))).isFalse();
      assertNothingDelivered();
      engine.resume();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isEqualTo(1);
    }
    assertDelivered(200);
    assertThat(units).hasValue(2);
  }

  @Test
  void aCloseDuringAPauseIsQuickAndLosesNothing() throws Exception {
    CdcEngine engine =
        running(
            CdcEngine.builder(
                    config()
                        .stopTimeout(Duration.ofSeconds(60))
                        .maxBatchSize(8)
                        .maxQueueSize(16)
                        .build())
                .listen(ITEMS, first)
                .workers(4));
    engine.pause();
    insert(1, 500);
    Await.until("reading waits", () -> engine.status().backlog().full());
    Instant begun = Instant.now();
    engine.close();
    assertThat(begun).as("far less than the stop timeout").isAfter(Instant.now().minusSeconds(30));
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(first.events()).isEmpty();
    assertNothingIsLeft();
    assertThat(redelivered()).containsExactly(numbers(1, 500));
  }

  @Test
  void aCloseDuringAPauseLeavesWhatWorkersHaveNotBegun() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch proceed = new CountDownLatch(1);
    CdcEngine engine =
        running(
            CdcEngine.builder(
                    config()
                        .stopTimeout(Duration.ofSeconds(60))
                        .maxBatchSize(8)
                        .maxQueueSize(16)
                        .build())
                .listen(
                    ITEMS,
                    change -> {
                      inside.countDown();
                      proceed.await();
                      first.onChange(change);
                    })
                .workers(2));
    insert(1, 2);
    inside.await();
    insert(3, 500);
    awaitWorking(engine, 16); // and no room for more
    engine.pause();
    Instant begun = Instant.now();
    Thread closing = started(engine::close);
    awaitState(engine, EngineState.STOPPING);
    proceed.countDown();
    closing.join();
    assertThat(begun).as("far less than the stop timeout").isAfter(Instant.now().minusSeconds(30));
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(ids(first.events())).containsExactlyInAnyOrder(1, 2);
    assertThat(redelivered()).containsExactly(numbers(3, 500));
  }

  @Test
  void slowListenersAreSeenInTheBacklogWhichHasBounds() throws Exception {
    CountDownLatch proceed = new CountDownLatch(1);
    CdcEngine.Builder builder =
        CdcEngine.builder(config().maxBatchSize(64).maxQueueSize(128).build())
            .listen(
                ITEMS,
                change -> {
                  proceed.await();
                  first.onChange(change);
                })
            .workers(4);
    try (CdcEngine engine = running(builder)) {
      insert(1, 20_000);
      awaitWorking(engine, 128); // and no more, when as much again waits for its turn
      Await.until("reading waits", () -> engine.status().backlog().full());
      Backlog backlog = engine.status().backlog();
      assertThat(backlog.working()).isEqualTo(128);
      assertThat(backlog.workingBytes()).isBetween(128L * 200, 128L * 2000);
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().backlog().working()).isZero();
      assertThat(engine.status().backlog().workingBytes()).isZero();
      assertThat(engine.status().backlog().full()).isFalse();
    }
    assertThat(ids(first.events())).containsExactlyInAnyOrder(numbers(1, 20_000));
  }

  @Test
  void theBacklogIsBoundedByBytesAsWell() throws Exception {
    CountDownLatch proceed = new CountDownLatch(1);
    CdcEngine.Builder builder =
        CdcEngine.builder(config().maxQueueBytes(1 << 20).build())
            .listenInBatches(
                ITEMS,
                changes -> {
                  proceed.await();
                  batched.addAndGet(changes.size());
                });
    try (CdcEngine engine = running(builder)) {
      database.execute(
          "INSERT INTO item SELECT i, i, repeat('x', 100000) FROM generate_series(1, 200) i");
      Await.until(
          "reading waits, and there is hardly room for another change",
          () ->
              engine.status().backlog().full()
                  && engine.status().backlog().workingBytes() > 700_000);
      assertThat(engine.status().backlog().workingBytes()).isLessThanOrEqualTo(1 << 20);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().backlog().workingBytes()).isZero();
    }
    assertThat(batched).hasValue(200);
  }

  @Test
  void whatWasWrittenIsReadOnceItsPositionIsProcessed() throws Exception {
    AtomicLong inOrder = new AtomicLong();
    AtomicLong byWorkers = new AtomicLong();
    AtomicLong byBatches = new AtomicLong();
    CdcEngine.Builder builder =
        builder()
            .listen(ITEMS, change -> inOrder.addAndGet(id(change)))
            .listen(
                ITEMS,
                change -> {
                  LockSupport.parkNanos(200_000L * (id(change) % 5));
                  byWorkers.addAndGet(id(change));
                })
            .workers(8)
            .listenInBatches(
                ITEMS,
                changes -> {
                  LockSupport.parkNanos(2_000_000);
                  changes.forEach(change -> byBatches.addAndGet(id(change)));
                })
            .batches(7, Duration.ofMillis(5));
    try (CdcEngine engine = running(builder)) {
      long sum = 0;
      for (int i = 1; i <= 300; i += 10) {
        insert(i, i + 9);
        sum += 10L * i + 45;
        awaitProcessed(engine);
        assertThat(List.of(inOrder.get(), byWorkers.get(), byBatches.get())).containsOnly(sum);
      }
    }
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How engines with workers end, or go on after a lost connection: with nothing lost. */
@Timeout(120)
class WorkersStopIT extends ListenedItems {

  private final RecordingListener<Item> done = new RecordingListener<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @Test
  void aTransactionThatWasCutOffIsNotRepeated() throws Exception {
    CountDownLatch inside = new CountDownLatch(2500);
    CdcEngine.Builder builder =
        builder()
            .listen(
                ITEMS,
                change -> {
                  inside.countDown();
                  if (inside.getCount() == 0) {
                    release.await();
                  }
                  done.onChange(change);
                })
            .workers(8);
    try (CdcEngine engine = running(builder)) {
      insert(1, 20_000);
      inside.await();
      cut(engine);
      release.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isEqualTo(1);
      assertThat(engine.status().backlog().working()).isZero();
    }
    assertThat(ids(done.events())).hasSize(20_000).containsExactlyInAnyOrder(numbers(1, 20_000));
  }

  @Test
  void aCloseWhileWorkersAreBusyLosesAndRepeatsNothing() throws Exception {
    CountDownLatch some = new CountDownLatch(500);
    CdcEngine engine =
        running(
            builder()
                .listen(
                    ITEMS,
                    change -> {
                      LockSupport.parkNanos(100_000);
                      done.onChange(change);
                      some.countDown();
                    })
                .workers(8));
    for (int i = 1; i <= 10_000; i += 100) {
      insert(i, i + 99);
    }
    some.await();
    engine.close();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertNothingIsLeft();
    List<Integer> first = ids(done.events());
    assertThat(first).as("closed in the middle").hasSizeBetween(500, 9_999);
    List<Integer> second = redelivered();
    assertThat(second).doesNotContainAnyElementsOf(first);
    Set<Integer> both = new HashSet<>(first);
    both.addAll(second);
    assertThat(both).hasSize(10_000);
    assertThat(first.size() + second.size()).as("nothing twice").isEqualTo(10_000);
  }

  @Test
  void aCloseWaitsForTheWorkersAndStoresThePosition() throws Exception {
    CountDownLatch inside = new CountDownLatch(4);
    CdcEngine engine =
        running(
            builder()
                .listen(
                    ITEMS,
                    change -> {
                      inside.countDown();
                      release.await();
                      done.onChange(change);
                    })
                .workers(4));
    insert(1, 6);
    Lsn all = now();
    inside.await();
    Thread closing = started(engine::close);
    awaitState(engine, EngineState.STOPPING);
    release.countDown();
    closing.join();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(engine.status().processed()).isGreaterThanOrEqualTo(all);
    assertThat(ids(done.events())).containsExactlyInAnyOrder(numbers(1, 6));
    assertThat(redelivered()).isEmpty();
  }

  @Test
  void aWorkerMayCloseTheEngine() throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    CdcEngine engine =
        running(
            builder()
                .listen(
                    ITEMS,
                    change -> {
                      if (id(change) == 2) {
                        itself.join().close();
                      }
                      done.onChange(change);
                    })
                .workers(3));
    itself.complete(engine);
    insert(1, 4);
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(ids(done.events()))
        .as("the transaction, whole")
        .containsExactlyInAnyOrder(1, 2, 3, 4);
    assertNothingIsLeft();
    assertThat(redelivered()).isEmpty();
  }

  @Test
  void aBatchMayCloseTheEngine() throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    AtomicInteger count = new AtomicInteger();
    CdcEngine engine =
        running(
            builder()
                .listenInBatches(
                    ITEMS,
                    changes -> {
                      itself.join().close();
                      count.addAndGet(changes.size());
                    }));
    itself.complete(engine);
    insert(1, 4);
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(count).hasValue(4);
    assertNothingIsLeft();
    assertThat(redelivered()).isEmpty();
  }

  @Test
  void aHangingWorkerKeepsItsThreadAndNothingElse() throws Exception {
    CompletableFuture<String> hanging = new CompletableFuture<>();
    CdcEngine engine =
        running(
            CdcEngine.builder(config().stopTimeout(SHORT).build())
                .listen(
                    ITEMS,
                    change -> {
                      if (id(change) == 2) {
                        hanging.complete(Thread.currentThread().getName());
                        awaitUninterruptibly(release);
                      }
                      done.onChange(change);
                    })
                .workers(4));
    try {
      insert(1, 3);
      assertThat(hanging.join()).contains("-worker-");
      done.await(2);
      engine.close();
      assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
      awaitNoConnection();
      awaitFreeSlot();
      awaitThreads(Set.of(hanging.join()));
      assertThat(redelivered()).as("another engine, while it hangs").containsExactly(1, 2, 3);
    } finally {
      release.countDown();
    }
    assertNothingIsLeft();
    done.await(3);
    assertThat(redelivered()).as("nobody moved the position since").isEmpty();
  }

  @Test
  void aRefusedChangeStopsTheEngineWithThePositionBeforeIt() throws Exception {
    CountDownLatch others = new CountDownLatch(19);
    CdcEngine engine =
        running(
            builder()
                .listen(
                    ITEMS,
                    change -> {
                      if (id(change) == 12) {
                        others.await();
                        throw new IllegalStateException("refused");
                      }
                      done.onChange(change);
                      others.countDown();
                    })
                .workers(4));
    try (engine) {
      insert(1, 10);
      awaitProcessed(engine);
      insert(11, 13);
      Lsn undone = now();
      for (int i = 14; i <= 20; i++) {
        insert(i, i);
      }
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("The listener of public.item did not accept an insert")
          .hasMessageContaining("(change 2 of transaction ")
          .hasStackTraceContaining("refused");
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
      assertThat(engine.status().processed()).isLessThan(undone);
      assertThat(engine.status().delivered()).as("what others accepted").isEqualTo(19);
    }
    assertThat(ids(done.events())).hasSize(19).doesNotContain(12);
    assertNothingIsLeft();
    assertThat(redelivered()).containsExactly(numbers(11, 20));
  }

  @Test
  void nothingIsLeftOfManyWorkersAndBatches() throws Exception {
    CdcEngine.Builder builder =
        builder()
            .listen(ITEMS, done)
            .workers(8)
            .listenInBatches(ITEMS, changes -> {})
            .listen(ITEMS, change -> {})
            .onTransaction(transaction -> {}, ITEMS);
    try (CdcEngine engine = running(builder)) {
      insert(1, 2000);
      awaitProcessed(engine);
      Await.until(
          "workers were at work", () -> threads().stream().anyMatch(t -> t.contains("-worker-")));
    }
    assertNothingIsLeft();
  }
}

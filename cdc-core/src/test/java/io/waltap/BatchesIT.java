package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.listener.BatchListener;
import io.waltap.listener.EngineState;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.listener.FailureHandler.Failure;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Several changes in one call. */
@Timeout(120)
class BatchesIT extends ListenedItems {

  private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();

  private void keep(List<ChangeEvent<Item>> changes) {
    batches.add(ids(changes));
  }

  private CdcEngine.Builder batched(BatchListener<Item> listener, int most, Duration within) {
    return builder().listenInBatches(ITEMS, listener).batches(most, within);
  }

  private List<Integer> all() {
    return batches.stream().flatMap(List::stream).toList();
  }

  private void awaitBatches(int count) {
    Await.until(count + " batches have come (now " + batches + ")", () -> batches.size() >= count);
  }

  @Test
  void aFullBatchDoesNotWaitAndWhatIsLeftIsNotForgotten() throws Exception {
    try (CdcEngine engine = running(batched(this::keep, 10, HOUR))) {
      insert(1, 25);
      awaitBatches(2);
      awaitWorking(engine, 5);
      insert(26, 30);
      awaitProcessed(engine);
      assertThat(batches).extracting(List::size).containsExactly(10, 10, 10);
    }
    assertThat(all()).containsExactly(numbers(1, 30));
  }

  @Test
  void oneThatIsNotFullHasWhatCameWithinTheTime() throws Exception {
    try (CdcEngine engine = running(batched(this::keep, 1000, Duration.ofSeconds(4)))) {
      insert(1, 3);
      awaitWorking(engine, 3);
      insert(4, 4);
      awaitProcessed(engine);
    }
    assertThat(batches).as("two transactions").containsExactly(List.of(1, 2, 3, 4));
  }

  @Test
  void whatComesDuringACallIsTheNextBatch() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    BatchListener<Item> slow =
        changes -> {
          inside.countDown();
          proceed.await();
          keep(changes);
        };
    try (CdcEngine engine = running(batched(slow, 4, Duration.ZERO))) {
      insert(1, 1);
      inside.await();
      insert(2, 10);
      awaitWorking(engine, 10);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(10);
    }
    assertThat(batches)
        .containsExactly(List.of(1), List.of(2, 3, 4, 5), List.of(6, 7, 8, 9), List.of(10));
  }

  @Test
  void thePositionMovesOnlyAfterAllOfATransactionWasAccepted() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch proceed = new CountDownLatch(1);
    RecordingListener<Item> witness = new RecordingListener<>();
    BatchListener<Item> slow =
        changes -> {
          inside.countDown();
          if (inside.getCount() == 0) {
            proceed.await();
          }
          keep(changes);
        };
    try (CdcEngine engine = running(batched(slow, 2, Duration.ZERO).listen(ITEMS, witness))) {
      insert(1, 3);
      Lsn undone = now();
      insert(4, 4);
      inside.await();
      witness.await(4);
      assertThat(engine.awaitProcessed(now(), Duration.ofMillis(300))).isFalse();
      assertThat(engine.status().processed())
          .as("a third of the transaction is in a batch that is not accepted")
          .isLessThan(undone);
      proceed.countDown();
      awaitProcessed(engine);
    }
    assertThat(all()).containsExactly(1, 2, 3, 4);
    assertThat(redelivered()).isEmpty();
  }

  @Test
  void aCleanCloseDeliversWhatWaits() throws Exception {
    try (CdcEngine engine = running(batched(this::keep, 1000, HOUR))) {
      insert(1, 5);
      awaitWorking(engine, 5);
      assertThat(batches).isEmpty();
    }
    assertThat(batches).containsExactly(List.of(1, 2, 3, 4, 5));
    assertThat(redelivered()).isEmpty();
    assertNothingIsLeft();
  }

  @Test
  void aBatchThatIsAbandonedComesAgainWhole() throws Exception {
    CountDownLatch inside = new CountDownLatch(2);
    CountDownLatch proceed = new CountDownLatch(1);
    BatchListener<Item> hanging =
        changes -> {
          inside.countDown();
          if (inside.getCount() == 0) {
            awaitUninterruptibly(proceed);
          }
          keep(changes);
        };
    CdcEngine engine =
        running(
            CdcEngine.builder(config().stopTimeout(SHORT).build())
                .listenInBatches(ITEMS, hanging)
                .batches(2, Duration.ZERO));
    try {
      insert(1, 1);
      awaitBatches(1);
      insert(2, 4);
      insert(5, 5);
      inside.await();
      engine.close();
      assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
      assertThat(redelivered()).as("another engine, while it hangs").containsExactly(2, 3, 4, 5);
    } finally {
      proceed.countDown();
    }
    Await.until("the call that hung has returned", () -> batches.size() == 2);
    assertNothingIsLeft();
    assertThat(redelivered()).as("nobody moved the position since").isEmpty();
  }

  @Test
  void aSnapshotComesInBatches() throws Exception {
    insert(1, 2500);
    List<Operation> operations = new CopyOnWriteArrayList<>();
    BatchListener<Item> listener =
        changes -> {
          changes.forEach(change -> operations.add(change.operation()));
          keep(changes);
        };
    try (CdcEngine engine = running(batched(listener, 1000, HOUR))) {
      insert(2501, 3000);
      awaitProcessed(engine);
      assertThat(batches).extracting(List::size).containsExactly(1000, 1000, 1000);
    }
    assertThat(all()).containsExactly(numbers(1, 3000));
    assertThat(operations.subList(0, 2500)).containsOnly(Operation.READ);
    assertThat(operations.subList(2500, 3000)).containsOnly(Operation.INSERT);
    assertThat(redelivered()).isEmpty();
  }

  @Test
  void goesOnWhereTheLineWasCut() throws Exception {
    CountDownLatch inside = new CountDownLatch(3);
    CountDownLatch proceed = new CountDownLatch(1);
    BatchListener<Item> slow =
        changes -> {
          inside.countDown();
          if (inside.getCount() == 0) {
            proceed.await();
          }
          keep(changes);
        };
    try (CdcEngine engine = running(batched(slow, 700, Duration.ofMillis(10)))) {
      insert(1, 20_000);
      inside.await();
      cut(engine);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isEqualTo(1);
    }
    assertThat(all()).containsExactly(numbers(1, 20_000));
  }

  private BatchListener<Item> refusing(int id, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return changes -> {
      keep(changes);
      if (ids(changes).contains(id) && left.getAndDecrement() > 0) {
        throw new IllegalStateException("refused");
      }
    };
  }

  @Test
  void aRefusedBatchIsTriedAgainAsItWas() throws Exception {
    FailureHandler patient = FailureHandler.retry(5, Duration.ofMillis(10), Action.stop());
    try (CdcEngine engine = running(batched(refusing(5, 3), 3, Duration.ZERO).onFailure(patient))) {
      engine.pause();
      insert(1, 9);
      engine.resume();
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(9);
      assertThat(engine.status().skipped()).isZero();
    }
    List<Integer> refused = batches.stream().filter(ids -> ids.contains(5)).findFirst().get();
    assertThat(batches.stream().filter(refused::equals)).hasSize(4);
    assertThat(batches.stream().distinct().flatMap(List::stream)).containsExactly(numbers(1, 9));
  }

  @Test
  void aSkippedBatchIsCountedAndToldAsAWhole() throws Exception {
    CompletableFuture<Failure> told = new CompletableFuture<>();
    FailureHandler skipping =
        new FailureHandler() {
          @Override
          public Action onFailure(Failure failure) {
            return Action.skip();
          }

          @Override
          public void onSetAside(Failure failure, Action action) {
            told.complete(failure);
          }
        };
    try (CdcEngine engine = running(batched(refusing(5, 1), 3, HOUR).onFailure(skipping))) {
      insert(1, 9);
      awaitProcessed(engine);
      assertThat(engine.status().skipped()).isEqualTo(3);
      assertThat(engine.status().delivered()).isEqualTo(6);
    }
    assertThat(batches).containsExactly(List.of(1, 2, 3), List.of(4, 5, 6), List.of(7, 8, 9));
    assertThat(told.join().changes())
        .extracting(change -> change.metadata().order())
        .containsExactly(4L, 5L, 6L);
    assertThat(redelivered()).as("skipped for good").isEmpty();
  }

  @Test
  void aRefusedBatchStopsTheEngine() throws Exception {
    try (CdcEngine engine = running(batched(refusing(5, 1), 3, HOUR))) {
      insert(1, 3);
      insert(4, 7);
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining(
              "The listener of public.item did not accept 3 changes from an insert")
          .hasMessageContaining("(change 1 of transaction ");
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    }
    assertThat(batches).containsExactly(List.of(1, 2, 3), List.of(4, 5, 6));
    assertThat(redelivered()).containsExactly(4, 5, 6, 7);
  }
}

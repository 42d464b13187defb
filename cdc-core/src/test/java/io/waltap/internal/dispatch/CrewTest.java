package io.waltap.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.Subscription.Scope;
import io.waltap.internal.dispatch.Subscription.Target;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What becomes of work that cannot be done or is given up. */
class CrewTest {

  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Table<Row> ITEMS = Table.of("public.item");
  private static final TableId ITEM = new TableId("public", "item");
  private static final RowLayout LAYOUT =
      RowLayout.of(List.of(new ColumnShape("id", "int4", true)));

  private final List<DeliveryException> refusals = new CopyOnWriteArrayList<>();
  private final List<String> accepted = new CopyOnWriteArrayList<>();

  private Dispatcher dispatcher(@Nullable Executor executor, int room, Subscription subscription)
      throws Exception {
    Dispatcher dispatcher =
        new Dispatcher(
            Listeners.of(subscription), Delivering.of("crew", executor, room, 1 << 20, null));
    dispatcher.attend(
        new Dispatcher.Owner() {
          @Override
          public void refused(DeliveryException refusal) {
            refusals.add(refusal);
          }

          @Override
          public void progressed() {}
        });
    dispatcher.dispatch(new Begin(1, new Lsn(100), Instant.EPOCH));
    return dispatcher;
  }

  private static RowChange insert(int id) {
    Row row = LAYOUT.row(new String[] {Integer.toString(id)});
    return new RowChange(Operation.INSERT, ITEM, new Lsn(id), LAYOUT.key(row), null, null, row);
  }

  private static Subscription workers(ChangeListener<Row> listener) {
    return Subscription.of(ITEMS, listener).withWorkers(2);
  }

  private static Subscription batches(int most, Duration within, FailureHandler handler) {
    Target target =
        Subscription.batches(
            changes -> {
              throw new IllegalStateException("refused");
            });
    return Subscription.of("batches", Scope.NAMED, List.of(ITEMS), target)
        .withMost(most, within)
        .withHandler(handler);
  }

  private static void refuse(ChangeEvent<Row> change) {
    throw new IllegalStateException("refused " + change.operation());
  }

  @Test
  void anExecutorThatTakesNothingStopsTheEngineAndHoldsNothingUp() throws Exception {
    Executor full =
        work -> {
          throw new RejectedExecutionException("full");
        };
    for (Subscription each :
        List.of(workers(CrewTest::refuse), batches(1, Duration.ZERO, f -> Action.stop()))) {
      refusals.clear();
      Dispatcher dispatcher = dispatcher(full, 10, each);
      dispatcher.dispatch(insert(1));
      dispatcher.flush();
      assertThat(refusals).hasSize(1);
      assertThat(refusals.get(0)).hasMessageContaining("The executor took no more work");
      assertThat(dispatcher.flow().awaitStill(SOON)).isTrue();
    }
  }

  @Test
  void aHandlerThatDecidesNothingStopsTheEngine() throws Exception {
    Dispatcher dispatcher =
        dispatcher(Runnable::run, 10, workers(CrewTest::refuse).withHandler(undecided()));
    dispatcher.dispatch(insert(1));
    dispatcher.flush();
    assertThat(refusals).hasSize(1);
    assertThat(dispatcher.flow().skipped()).isZero();
  }

  @SuppressWarnings("NullAway") // as code may that nobody checks
  private static FailureHandler undecided() {
    return failure -> null;
  }

  @Test
  void whatIsThrownBesideTheListenerStopsTheEngine() throws Exception {
    Duration endless = Duration.ofSeconds(Long.MAX_VALUE); // no number of nanoseconds
    for (Subscription each :
        List.of(
            workers(CrewTest::refuse).withHandler(failure -> Action.retry(endless)),
            batches(1, Duration.ZERO, failure -> Action.retry(endless)))) {
      refusals.clear();
      Dispatcher dispatcher = dispatcher(Runnable::run, 10, each);
      dispatcher.dispatch(insert(1));
      dispatcher.flush();
      assertThat(refusals).hasSize(1);
      assertThat(refusals.get(0)).hasCauseInstanceOf(ArithmeticException.class);
      assertThat(dispatcher.flow().awaitStill(SOON)).isTrue();
      assertThat(dispatcher.flow().isDone()).isFalse();
    }
  }

  @Test
  void aBatchThatIsGivenUpIsNotOvertakenByTheNextOne() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    List<Integer> sizes = new ArrayList<>();
    Dispatcher dispatcher =
        dispatcher(
            null,
            10,
            batches(
                1,
                Duration.ZERO,
                failure -> {
                  sizes.add(failure.changes().size());
                  failed.countDown();
                  return Action.retry(Duration.ofHours(1));
                }));
    dispatcher.dispatch(insert(1));
    dispatcher.dispatch(insert(2));
    failed.await();
    dispatcher.flow().stopping();
    assertThat(dispatcher.flow().awaitStill(SOON)).isTrue();
    assertThat(sizes).hasSize(1);
  }

  @Test
  void aStopEndsTheWaitForAnotherAttempt() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    Dispatcher dispatcher =
        dispatcher(
            null,
            10,
            workers(CrewTest::refuse)
                .withHandler(
                    failure -> {
                      failed.countDown();
                      return Action.retry(Duration.ofHours(1));
                    }));
    dispatcher.dispatch(insert(1));
    CompletableFuture<Boolean> drained = new CompletableFuture<>();
    Thread waiting = new Thread(() -> drained.complete(drain(dispatcher)));
    waiting.start();
    failed.await();
    assertThat(dispatcher.flow().awaitStill(SOON)).isTrue();
    Await.until("it waits", () -> waiting.getState() == Thread.State.TIMED_WAITING);
    dispatcher.flow().stopping();
    waiting.join(SOON.toMillis());
    assertThat(drained.getNow(true)).isFalse();
  }

  private static boolean drain(Dispatcher dispatcher) {
    try {
      return dispatcher.drain(Duration.ofDays(1));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void nobodyWaitsForRoomWhenAPausedEngineStops() throws Exception {
    CountDownLatch proceed = new CountDownLatch(1);
    Dispatcher dispatcher = dispatcher(null, 1, workers(change -> proceed.await()));
    dispatcher.dispatch(insert(1));
    CompletableFuture<Boolean> abandoned = new CompletableFuture<>();
    Thread second = new Thread(() -> abandoned.complete(isAbandoned(dispatcher)));
    second.start();
    Await.until("it waits", () -> second.getState() == Thread.State.TIMED_WAITING);
    dispatcher.flow().pause();
    dispatcher.flow().stopping();
    second.join(SOON.toMillis());
    assertThat(abandoned.getNow(false)).isTrue();
    proceed.countDown();
  }

  private static boolean isAbandoned(Dispatcher dispatcher) {
    try {
      dispatcher.dispatch(insert(2));
      return false;
    } catch (DeliveryException e) {
      return false;
    } catch (AbandonedException e) {
      return true;
    }
  }

  @Test
  void aPauseHoldsBackAnotherAttempt() throws Exception {
    AtomicBoolean paused = new AtomicBoolean();
    CompletableFuture<Dispatcher> known = new CompletableFuture<>();
    Dispatcher dispatcher =
        dispatcher(
            null,
            10,
            Subscription.of(
                    "batches",
                    Scope.NAMED,
                    List.of(ITEMS),
                    Subscription.batches(
                        changes -> {
                          if (!paused.getAndSet(true)) {
                            known.join().flow().pause();
                            throw new IllegalStateException("refused");
                          }
                          accepted.add("again, paused: " + known.join().flow().isPaused());
                        }))
                .withMost(1, Duration.ZERO)
                .withHandler(failure -> Action.retry(Duration.ZERO)));
    known.complete(dispatcher);
    dispatcher.dispatch(insert(1));
    Await.until("it is paused", () -> dispatcher.flow().isPaused());
    assertThat(dispatcher.flow().awaitDone(Duration.ofMillis(100))).isFalse();
    dispatcher.flow().resume();
    assertThat(dispatcher.flow().awaitDone(SOON)).isTrue();
    assertThat(accepted).containsExactly("again, paused: false");
  }

  @Test
  void aThreadDeliversUntilItsOutermostWorkIsDone() throws Exception {
    CompletableFuture<Flow> known = new CompletableFuture<>();
    Subscription listener =
        workers(
            change -> {
              known.join().pause();
              known.join().resume(); // has another worker run on this thread
              accepted.add("within: " + known.join().isCalledFromWithin());
            });
    Dispatcher dispatcher = dispatcher(Runnable::run, 10, listener.withWorkers(3));
    known.complete(dispatcher.flow());
    dispatcher.dispatch(insert(1));
    dispatcher.dispatch(insert(2));
    dispatcher.flush();
    assertThat(accepted).containsExactly("within: true", "within: true");
  }
}

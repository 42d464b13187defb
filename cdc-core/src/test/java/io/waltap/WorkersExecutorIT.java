package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.testing.RecordingListener;
import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Workers and batches on threads of the application's own. */
@Timeout(120)
class WorkersExecutorIT extends ListenedItems {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final RecordingListener<Item> done = new RecordingListener<>();

  static Stream<Named<ExecutorService>> executors() {
    Stream<Named<ExecutorService>> pools =
        Stream.of(
            Named.of("a cached pool", Executors.newCachedThreadPool(WorkersExecutorIT::mine)),
            Named.of("a fixed pool", Executors.newFixedThreadPool(4, WorkersExecutorIT::mine)));
    return Stream.concat(pools, virtual());
  }

  private static Thread mine(Runnable work) {
    return new Thread(work, "mine");
  }

  /** One virtual thread for each task, on a JVM that has such. */
  private static Stream<Named<ExecutorService>> virtual() {
    try {
      Method made = Executors.class.getMethod("newVirtualThreadPerTaskExecutor");
      return Stream.of(Named.of("virtual threads", (ExecutorService) made.invoke(null)));
    } catch (NoSuchMethodException e) {
      return Stream.empty();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("executors")
  void itsThreadsDoTheWorkAndOutliveTheEngine(ExecutorService executor) throws Exception {
    CyclicBarrier together = new CyclicBarrier(4);
    AtomicInteger batched = new AtomicInteger();
    Set<String> threads = ConcurrentHashMap.newKeySet();
    CdcEngine.Builder builder =
        builder()
            .listen(
                ITEMS,
                change -> {
                  together.await(30, TimeUnit.SECONDS);
                  threads.add(Thread.currentThread().getName());
                  done.onChange(change);
                })
            .workers(4)
            .executor(executor);
    try (CdcEngine engine = running(builder)) {
      insert(1, 400);
      awaitProcessed(engine);
    }
    assertNothingIsLeft();
    CdcEngine.Builder batches =
        builder()
            .listenInBatches(
                ITEMS,
                changes -> {
                  threads.add(Thread.currentThread().getName());
                  batched.addAndGet(changes.size());
                })
            .executor(executor);
    try (CdcEngine engine = running(batches)) {
      insert(401, 500);
      awaitProcessed(engine);
    }
    assertThat(ids(done.events())).containsExactlyInAnyOrder(numbers(1, 400));
    assertThat(batched).hasValue(100);
    assertThat(threads).isSubsetOf("mine", "");
    assertThat(executor.isShutdown()).as("it is not the engine's to shut down").isFalse();
    executor.shutdown();
    assertThat(executor.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void oneThatRunsOnTheCallingThreadDeliversInOrder() throws Exception {
    RecordingListener<Item> direct = new RecordingListener<>();
    AtomicInteger attempts = new AtomicInteger();
    AtomicInteger batched = new AtomicInteger();
    ChangeListener<Item> refusingOnce =
        change -> {
          if (id(change) == 700 && attempts.incrementAndGet() < 3) {
            throw new IllegalStateException("refused");
          }
          done.onChange(change);
        };
    CdcEngine.Builder builder =
        builder()
            .listen(ITEMS, direct)
            .listen(ITEMS, refusingOnce)
            .workers(8)
            .onFailure(FailureHandler.retry(5, Duration.ofMillis(10), Action.stop()))
            .listenInBatches(ITEMS, changes -> batched.addAndGet(changes.size()))
            .batches(100, Duration.ofMillis(10))
            .executor(Runnable::run);
    try (CdcEngine engine = running(builder)) {
      insert(1, 500);
      awaitProcessed(engine);
      assertThat(ids(done.events())).containsExactly(numbers(1, 500));
      insert(501, 1000);
      awaitProcessed(engine);
    }
    assertThat(ids(done.events())).containsExactlyInAnyOrder(numbers(1, 1000));
    assertThat(ids(direct.events())).containsExactly(numbers(1, 1000));
    assertThat(batched).hasValue(1000);
    assertThat(attempts).hasValue(3);
    assertNothingIsLeft();
  }

  @Test
  void onTheCallingThreadAListenerMayCloseTheEngineEvenAtALaterAttempt() throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    AtomicInteger attempts = new AtomicInteger();
    ChangeListener<Item> closing =
        change -> {
          if (attempts.incrementAndGet() < 3) {
            throw new IllegalStateException("refused");
          }
          itself.join().close();
          done.onChange(change);
        };
    CdcEngine engine =
        running(
            builder()
                .listen(ITEMS, closing)
                .workers(2)
                .onFailure(FailureHandler.retry(5, Duration.ofMillis(10), Action.stop()))
                .executor(Runnable::run));
    itself.complete(engine);
    insert(1, 1);
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(ids(done.events())).containsExactly(1);
    assertThat(redelivered()).isEmpty();
  }

  static Stream<Throwable> refusals() {
    return Stream.of(
        new RejectedExecutionException("no more"),
        new IllegalStateException("no more"),
        new OutOfMemoryError("no more"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void oneThatTakesNoWorkStopsTheEngineAtOnceAndLosesNothing(Throwable refusal) throws Exception {
    Executor refusing =
        work -> {
          if (refusal instanceof Error error) {
            throw error;
          }
          throw (RuntimeException) refusal;
        };
    assertRefused(patient().listen(ITEMS, done).workers(2).executor(refusing));
    assertRefused(patient().listenInBatches(ITEMS, changes -> {}).executor(refusing));
    assertThat(done.events()).isEmpty();
    assertThat(redelivered()).containsExactly(1, 2);
  }

  private CdcEngine.Builder patient() {
    return CdcEngine.builder(config().stopTimeout(PATIENCE).build());
  }

  private void assertRefused(CdcEngine.Builder builder) throws InterruptedException {
    Instant begun = Instant.now();
    try (CdcEngine engine = running(builder)) {
      int next = 1 + Integer.parseInt(database.value("SELECT count(*) FROM item"));
      insert(next, next);
      Lsn undone = now();
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("The executor took no more work")
          .hasStackTraceContaining("no more");
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
      assertThat(engine.status().processed()).isLessThan(undone);
    }
    assertThat(begun).as("nobody is waited for").isAfter(Instant.now().minus(PATIENCE));
    assertNothingIsLeft();
  }

  @Test
  void oneThatIsShutDownInTheMiddleStopsTheEngineAndLosesNothing() throws Exception {
    ExecutorService executor = Executors.newFixedThreadPool(2, WorkersExecutorIT::mine);
    try (CdcEngine engine = running(builder().listen(ITEMS, done).workers(2).executor(executor))) {
      insert(1, 2);
      awaitProcessed(engine);
      executor.shutdown();
      insert(3, 4);
      assertThatThrownBy(engine::awaitStopped).hasMessageContaining("took no more work");
    }
    assertNothingIsLeft();
    assertThat(ids(done.events())).containsExactlyInAnyOrder(1, 2);
    assertThat(redelivered()).containsExactly(3, 4);
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.listener.EngineState;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.listener.FailureHandler.Failure;
import io.waltap.listener.FailureHandler.Retry;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** What becomes of changes that listeners refuse, in each of the ways to deliver. */
@Timeout(120)
class FailurePolicyIT extends ListenedItems {

  private static final String SECRET = "s3cret";

  /** The ways to deliver. */
  enum Way {
    IN_ORDER,
    WORKERS,
    BATCHES,
    TRANSACTIONS
  }

  private interface Body {
    void take(ChangeEvent<Item> change) throws Exception;
  }

  /** Keeps what it was asked and told. */
  private static final class Asked implements FailureHandler {
    final FailureHandler policy;
    final List<Failure> failures = new CopyOnWriteArrayList<>();
    final List<Action> actions = new CopyOnWriteArrayList<>();
    final List<Failure> aside = new CopyOnWriteArrayList<>();
    final List<Action> done = new CopyOnWriteArrayList<>();

    Asked(FailureHandler policy) {
      this.policy = policy;
    }

    @Override
    public Action onFailure(Failure failure) {
      failures.add(failure);
      Action action = policy.onFailure(failure);
      actions.add(action);
      return action;
    }

    @Override
    public void onSetAside(Failure failure, Action action) {
      aside.add(failure);
      done.add(action);
      throw new IllegalStateException("what a handler throws here is logged");
    }
  }

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final RecordingListener<Item> accepted = new RecordingListener<>();
  private final List<Long> called = new CopyOnWriteArrayList<>();

  @BeforeEach
  void keepLog() {
    log.start();
    ((Logger) LoggerFactory.getLogger("io.waltap")).addAppender(log);
  }

  @AfterEach
  void dropLog() {
    ((Logger) LoggerFactory.getLogger("io.waltap")).detachAppender(log);
  }

  @SuppressWarnings("unchecked") // of the table of items
  private static CdcEngine.Builder deliver(CdcEngine.Builder builder, Way way, Body body) {
    return switch (way) {
      case IN_ORDER -> builder.listen(ITEMS, body::take);
      case WORKERS -> builder.listen(ITEMS, body::take).workers(4);
      case BATCHES ->
          builder
              .listenInBatches(
                  ITEMS,
                  changes -> {
                    for (ChangeEvent<Item> change : changes) {
                      body.take(change);
                    }
                  })
              .batches(1, HOUR);
      case TRANSACTIONS ->
          builder
              .onTransaction(
                  transaction -> {
                    for (ChangeEvent<?> change : transaction.changes()) {
                      body.take((ChangeEvent<Item>) change);
                    }
                  },
                  ITEMS)
              .pieces(1);
    };
  }

  /** Refuses an item some times. */
  private Body refusing(int id, int times) {
    AtomicInteger left = new AtomicInteger(times);
    return change -> {
      if (id(change) == id) {
        called.add(System.nanoTime());
        if (left.getAndDecrement() > 0) {
          throw new IllegalStateException(SECRET);
        }
      }
      accepted.onChange(change);
    };
  }

  private CdcEngine running(Way way, Body body, FailureHandler handler)
      throws InterruptedException {
    return running(deliver(builder(), way, body).onFailure(handler));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void triesAgainAtGrowingIntervalsUntilItWorks(Way way) throws Exception {
    Asked asked = new Asked(FailureHandler.retry(6, Duration.ofMillis(20), Action.stop()));
    try (CdcEngine engine = running(way, refusing(2, 4), asked)) {
      insert(1, 3);
      database.execute("UPDATE item SET price = 0 WHERE id = 2");
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(4);
      assertThat(engine.status().skipped()).isZero();
    }
    assertThat(asked.failures).extracting(Failure::attempts).containsExactly(1, 2, 3, 4);
    for (int i = 0; i < 4; i++) {
      Duration wait = ((Retry) asked.actions.get(i)).after();
      assertThat(wait.toMillis()).isBetween(10L << i, 30L << i);
      assertThat(called.get(i + 1) - called.get(i)).isGreaterThanOrEqualTo(wait.toNanos());
    }
    assertThat(accepted.events().stream().filter(change -> id(change) == 2))
        .as("in order")
        .extracting(change -> change instanceof Insert)
        .containsExactly(true, false);
    assertThat(ids(accepted.events())).containsExactlyInAnyOrder(1, 2, 3, 2);
    assertThat(redelivered()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aLimitEndsInWhatWasSaid(Way way) throws Exception {
    Asked asked = new Asked(FailureHandler.retry(3, Duration.ofMillis(1), Action.stop()));
    try (CdcEngine engine = running(way, refusing(2, 100), asked)) {
      insert(1, 1);
      awaitProcessed(engine);
      insert(2, 2);
      Lsn undone = now();
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("did not accept an insert at ")
          .hasMessageContaining("(change 1 of transaction ")
          .hasMessageNotContaining(SECRET);
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
      assertThat(engine.status().processed()).isLessThan(undone);
    }
    assertThat(called).hasSize(4);
    assertThat(asked.aside).isEmpty();
    assertThat(redelivered()).containsExactly(2);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aSkippedChangeIsCountedToldAndLoggedWithoutItsRow(Way way) throws Exception {
    Asked asked = new Asked(FailureHandler.retry(2, Duration.ofMillis(1), Action.skip()));
    try (CdcEngine engine = running(way, refusing(2, 100), asked)) {
      transaction(
          "INSERT INTO item VALUES (1, 1, '')",
          "INSERT INTO item VALUES (2, 77001, '" + SECRET + "')",
          "INSERT INTO item VALUES (3, 1, '')");
      awaitProcessed(engine);
      assertThat(engine.status().skipped()).isEqualTo(1);
      assertThat(engine.status().delivered()).isEqualTo(2);
      assertThat(engine.status().parked()).isZero();
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
    }
    assertThat(ids(accepted.events())).containsExactlyInAnyOrder(1, 3);
    assertThat(asked.done).containsExactly(Action.skip());
    Failure failure = asked.aside.get(0);
    assertThat(failure.attempts()).isEqualTo(3);
    assertThat(failure.cause()).hasMessage(SECRET);
    assertThat(failure.change().metadata().order()).isEqualTo(2);
    Row row = ((Insert<Row>) failure.change()).after();
    assertThat(row.getString("unit_name")).isEqualTo(SECRET);
    assertThat(warnings())
        .anySatisfy(
            line ->
                assertThat(line)
                    .contains("skipped after 3 attempts: an insert at ")
                    .contains("(change 2 of transaction ")
                    .contains(IllegalStateException.class.getName() + " at "))
        .anySatisfy(line -> assertThat(line).contains("the failure handler threw"))
        .allSatisfy(line -> assertThat(line).doesNotContain(SECRET, "77001"));
    assertThat(redelivered()).as("skipped for good").isEmpty();
  }

  private List<String> warnings() {
    return log.list.stream()
        .filter(line -> line.getLevel().isGreaterOrEqual(Level.INFO))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @Test
  void aKeyThatWaitsForAnotherAttemptHoldsUpNoOther() throws Exception {
    FailureHandler never = failure -> Action.retry(HOUR);
    try (CdcEngine engine = running(Way.WORKERS, refusing(2, 1), never)) {
      insert(1, 100);
      database.execute("UPDATE item SET price = 0");
      accepted.await(198);
      awaitWorking(engine, 2);
    }
    assertThat(ids(accepted.events())).doesNotContain(2);
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aCloseDoesNotWaitForAnotherAttempt(Way way) throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    FailureHandler later =
        failure -> {
          asked.countDown();
          return Action.retry(HOUR);
        };
    CdcEngine engine =
        running(
            deliver(
                    CdcEngine.builder(
                        config()
                            .stopTimeout(Duration.ofSeconds(60))
                            .maxQueueSize(16)
                            .maxBatchSize(8)
                            .build()),
                    way,
                    change -> {
                      if (id(change) > 1) {
                        throw new IllegalStateException(SECRET);
                      }
                      accepted.onChange(change);
                    })
                .onFailure(later));
    insert(1, 1);
    awaitProcessed(engine);
    insert(2, 500);
    asked.await();
    if (way == Way.WORKERS || way == Way.BATCHES) {
      awaitWorking(engine, 16); // and no room for more
    }
    Instant begun = Instant.now();
    engine.close();
    assertThat(begun).as("far less than the stop timeout").isAfter(Instant.now().minusSeconds(30));
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(ids(accepted.events())).containsExactly(1);
    assertNothingIsLeft();
    assertThat(redelivered()).containsExactly(numbers(2, 500));
  }

  @ParameterizedTest
  @EnumSource(Way.class)
  void aHandlerThatThrowsStopsTheEngine(Way way) throws Exception {
    FailureHandler broken =
        failure -> {
          throw new IllegalArgumentException("the handler");
        };
    try (CdcEngine engine = running(way, refusing(2, 1), broken)) {
      insert(2, 2);
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasStackTraceContaining(SECRET)
          .hasStackTraceContaining("Suppressed: java.lang.IllegalArgumentException: the handler");
    }
    assertThat(redelivered()).containsExactly(2);
  }

  @Test
  void aRowThatDoesNotFitItsTypeIsAFailureToo() throws Exception {
    Asked asked = new Asked(failure -> Action.skip());
    try (CdcEngine engine = running(Way.IN_ORDER, accepted::onChange, asked)) {
      database.execute("ALTER TABLE item ALTER id TYPE bigint");
      database.execute("INSERT INTO item VALUES (5000000000, 1, ''), (1, 1, '')");
      awaitProcessed(engine);
      assertThat(engine.status().skipped()).isEqualTo(1);
    }
    assertThat(ids(accepted.events())).containsExactly(1);
    assertThat(Objects.requireNonNull(asked.aside.get(0).cause())).hasMessageContaining("id");
  }
}

package io.waltap.internal.engine;

import static io.waltap.internal.engine.Events.begin;
import static io.waltap.internal.engine.Events.commit;
import static io.waltap.internal.engine.Events.insert;
import static io.waltap.internal.engine.Events.streamStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.internal.engine.ChangeSource.Life;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of an engine whose sources, store or listeners fail. */
class SupervisorTest {

  private final Parts parts = new Parts();
  private final FakeChangeSource first = parts.source;
  private final BlockingQueue<FakeChangeSource> opened = new LinkedBlockingQueue<>();
  private final List<String> reopenings = new CopyOnWriteArrayList<>();
  private final List<String> states = new CopyOnWriteArrayList<>();
  private final List<Long> ids = new CopyOnWriteArrayList<>();
  private volatile @Nullable Exception refusal;
  private volatile Refusals refusals = id -> {};
  private volatile boolean anew;
  private volatile @Nullable Lsn sentAt;
  private final AtomicInteger looks = new AtomicInteger();
  private @Nullable Engine engine;

  private interface Refusals {
    void look(long id) throws Exception;
  }

  private final class Beats implements Pulse {
    @Override
    public Reply beat(long number) {
      return new Reply(sentAt, new SlotStatus(new Lsn(1), null, 0, "reserved", null));
    }

    @Override
    public Look look(@Nullable Integer backend) throws SQLException {
      looks.incrementAndGet();
      throw new SQLException("no connection for a look", "53300");
    }

    @Override
    public void close() {}
  }

  private Sources.Opened reopen(Throwable failure, @Nullable Lsn from, Set<Integer> lost)
      throws Exception {
    reopenings.add(failure.getMessage() + " from " + from + " lost " + lost);
    Exception refused = refusal;
    if (refused != null) {
      throw refused;
    }
    FakeChangeSource next = FakeChangeSource.resuming();
    opened.add(next);
    return new Sources.Opened(next, Parts.offset(anew ? null : from));
  }

  private Engine start(Duration heartbeats) throws InterruptedException {
    parts.sources = this::reopen;
    parts.listener =
        event -> {
          long id = event.metadata().lsn().value();
          refusals.look(id);
          ids.add(id);
        };
    parts.stateListeners.add((from, to, failure) -> states.add(to.name()));
    parts.pulse = new Beats();
    parts.heartbeats = heartbeats;
    Engine started = parts.start();
    engine = started;
    first.deliver(streamStart(1));
    return started;
  }

  private Engine start() throws InterruptedException {
    return start(Duration.ofMinutes(1));
  }

  @AfterEach
  void close() {
    if (engine != null) {
      engine.close();
    }
  }

  private FakeChangeSource next() throws InterruptedException {
    FakeChangeSource source = opened.poll(10, java.util.concurrent.TimeUnit.SECONDS);
    assertThat(source).as("another source").isNotNull();
    Await.until("it was started", source::started);
    return source;
  }

  @Test
  void aHalfDeliveredTransactionGoesOnWhereItWasCutOff() throws Exception {
    Engine running = start();
    first.deliver(begin(50), insert(2), commit(60));
    first.deliver(begin(90), insert(3), insert(4));
    first.end(new IOException("cut"));
    FakeChangeSource second = next();
    assertThat(reopenings).containsExactly("cut from 0/3C lost [7]");
    second.deliver(streamStart(60), begin(90), insert(3));
    second.end(new IOException("cut again"));
    FakeChangeSource third = next();
    third.deliver(streamStart(60));
    third.deliver(begin(90), insert(3), insert(4), insert(5), commit(100));
    assertThat(ids).containsExactly(2L, 3L, 4L, 5L);
    assertThat(running.processed()).isEqualTo(new Lsn(100));
    assertThat(running.reconnects()).isEqualTo(2);
    assertThat(states)
        .containsExactly(
            "SNAPSHOTTING", "STREAMING", "RECONNECTING", "STREAMING", "RECONNECTING", "STREAMING");
  }

  @Test
  void aFreshSnapshotForgetsHowFarTheLastSourceCame() throws Exception {
    Engine running = start();
    first.deliver(begin(90), insert(3), insert(4), commit(100), begin(120), insert(5));
    anew = true;
    first.end(new IOException("cut"));
    FakeChangeSource second = next();
    assertThat(running.processed()).isNull();
    second.end(new IOException("cut in the snapshot"));
    FakeChangeSource third = next();
    assertThat(reopenings.get(1)).startsWith("cut in the snapshot from null");
    third.deliver(streamStart(50), begin(120), insert(5), commit(130));
    assertThat(running.processed()).isEqualTo(new Lsn(130));
    assertThat(ids).containsExactly(3L, 4L, 5L, 5L);
  }

  @Test
  void whatIsRefusedDuringAStopIsTold() throws Exception {
    Engine running = start();
    refusals =
        id -> {
          running.close();
          throw new IllegalStateException("refused " + id);
        };
    first.deliver(begin(90), insert(3), commit(91));
    running.awaitStopped();
    assertThat(running.state()).isEqualTo(EngineState.FAILED);
    assertThat(running.failure()).hasRootCauseMessage("refused 3");
  }

  @Test
  void changesOfAnotherTransactionAreNotTakenForRepeated() throws Exception {
    start();
    first.deliver(begin(90), insert(3), insert(4));
    first.end(new IOException("cut"));
    next().deliver(streamStart(1), begin(80), insert(7), insert(8), commit(81));
    assertThat(ids).containsExactly(3L, 4L, 7L, 8L);
  }

  @Test
  void whatAListenerRefusesWhileTheSourceIsReplacedEndsTheEngine() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch refuse = new CountDownLatch(1);
    refusals =
        id -> {
          inside.countDown();
          refuse.await();
          throw new IllegalStateException("refused " + id);
        };
    Engine running = start();
    Thread delivery = new Thread(() -> first.deliver(begin(90), insert(3), insert(4), commit(91)));
    delivery.start();
    inside.await();
    first.end(new IOException("cut"));
    Await.until("it is noticed", () -> running.state() == EngineState.RECONNECTING);
    refuse.countDown();
    running.awaitStopped();
    assertThat(running.state()).isEqualTo(EngineState.FAILED);
    assertThat(running.failure()).hasRootCauseMessage("refused 3");
    assertThat(running.processed()).isEqualTo(new Lsn(1));
    delivery.join();
  }

  @Test
  void whatALostSourceStillDeliversIsNotTaken() throws Exception {
    start();
    first.end(new IOException("cut"));
    next();
    first.deliver(begin(90), insert(3), commit(91));
    assertThat(ids).isEmpty();
  }

  @Test
  void triesAgainUntilTheServerIsBack() throws Exception {
    Engine running = start();
    refusal = new UnavailableException(new IOException("still down"));
    first.end(new IOException("cut"));
    Await.until("several tries", () -> reopenings.size() >= 3);
    assertThat(running.state()).isEqualTo(EngineState.RECONNECTING);
    assertThat(running.failure()).hasMessage("still down");
    refusal = null;
    next().deliver(streamStart(1));
    assertThat(running.state()).isEqualTo(EngineState.STREAMING);
    assertThat(running.failure()).isNull();
  }

  @Test
  void hopesForATimeOnlyIfItIsToldSo() throws Exception {
    Engine running = start();
    Exception standby = new IllegalStateException("a standby");
    refusal = new UnavailableException(standby, Duration.ofMillis(700));
    first.end(new IOException("cut"));
    Await.until("several tries", () -> reopenings.size() >= 3);
    assertThat(running.failure()).isSameAs(standby);
    running.awaitStopped();
    assertThat(running.state()).isEqualTo(EngineState.FAILED);
    assertThat(running.failure()).isSameAs(standby);
  }

  @Test
  void whatPassesInTimeEndsNothing() throws Exception {
    Engine running = start();
    refusal = new UnavailableException(new IOException("a standby"), Parts.SOON);
    first.end(new IOException("cut"));
    Await.until("a try", () -> !reopenings.isEmpty());
    refusal = new UnavailableException(new IOException("down"));
    int tries = reopenings.size();
    Await.until("another try", () -> reopenings.size() > tries);
    refusal = null;
    next().deliver(streamStart(1));
    assertThat(running.state()).isEqualTo(EngineState.STREAMING);
  }

  @Test
  void aLookThatFailsHarmsNothing() throws Exception {
    Engine running = start(Duration.ofMillis(20));
    refusal = new UnavailableException(new IOException("down"));
    int before = looks.get();
    first.end(new IOException("cut"));
    Await.until("several looks", () -> looks.get() > before + 3 && !reopenings.isEmpty());
    assertThat(running.state()).isEqualTo(EngineState.RECONNECTING);
    refusal = null;
    next().deliver(streamStart(1));
    assertThat(running.state()).isEqualTo(EngineState.STREAMING);
    assertThat(running.reconnects()).isEqualTo(1);
  }

  @Test
  void endsWhenThereCanBeNoOtherSource() throws Exception {
    Engine running = start();
    refusal = new IllegalStateException("the slot is gone");
    first.end(new IOException("cut"));
    running.awaitStopped();
    assertThat(running.state()).isEqualTo(EngineState.FAILED);
    assertThat(running.failure()).hasMessage("the slot is gone");
  }

  @Test
  void aStopEndsTheTries() throws Exception {
    Engine running = start();
    refusal = new UnavailableException(new IOException("down"));
    first.end(new IOException("cut"));
    Await.until("a try", () -> !reopenings.isEmpty());
    running.close();
    assertThat(running.state()).isEqualTo(EngineState.STOPPED);
  }

  @Test
  void aPositionThatCannotBeStoredIsStoredBeforeAnythingElse() throws Exception {
    Engine running = start();
    parts.store.diskFull = true;
    first.deliver(begin(90), insert(2), commit(91));
    Await.until("it is said", () -> running.state() == EngineState.RECONNECTING);
    assertThat(running.processed()).isEqualTo(new Lsn(1));
    assertThat(running.failure()).hasMessage("no space left");
    parts.store.diskFull = false;
    FakeChangeSource second = next();
    assertThat(running.processed()).isEqualTo(new Lsn(91));
    second.deliver(streamStart(91), begin(95), insert(5), commit(96));
    assertThat(ids).containsExactly(2L, 5L);
  }

  @Test
  void aSilentStreamIsOpenedAnew() throws Exception {
    sentAt = new Lsn(1000);
    Engine running = start(Duration.ofMillis(50));
    assertThat(next()).isNotNull();
    assertThat(reopenings.get(0)).startsWith("nothing came through the stream for 3 heartbeats");
    assertThat(running.reconnects()).isEqualTo(1);
  }

  @Test
  void aStreamThatWaitsForItsListenersIsNotSilent() throws Exception {
    sentAt = new Lsn(1000);
    first.life = new Life(1, 0, true);
    Engine running = start(Duration.ofMillis(20));
    Await.until("many heartbeats", () -> longerThan(running.lag(), Duration.ofMillis(300)));
    assertThat(running.reconnects()).isZero();
    assertThat(reopenings).isEmpty();
  }

  @Test
  void heartbeatsThatComeRoundTellTheLag() throws Exception {
    sentAt = new Lsn(1000);
    Engine running = start(Duration.ofSeconds(20));
    Await.until("one was sent", () -> running.lag() != null);
    first.deliver(begin(1000), new SourceEvent.Heartbeat(Long.MAX_VALUE), commit(1001));
    Duration settled = running.lag();
    Await.until("time passes", () -> !Instant.now().isBefore(running.since().plusMillis(100)));
    assertThat(running.lag()).isEqualTo(settled);
    assertThat(running.reconnects()).isZero();
  }

  private static boolean longerThan(@Nullable Duration lag, Duration bound) {
    return lag != null && lag.compareTo(bound) > 0;
  }
}

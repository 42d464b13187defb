package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.listener.EngineState;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a running engine makes of a connection that breaks: goes on, or says why it cannot. */
class ReconnectIT extends ItemTable {

  private final List<EngineState> states = new CopyOnWriteArrayList<>();

  private CdcEngine startWatched(RecordingListener<Item> listener) throws InterruptedException {
    CdcEngine engine =
        CdcEngine.builder(config().build())
            .listen(ITEMS, listener)
            .onState((from, to, failure) -> states.add(to))
            .start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  private void endWalSender() {
    database.execute(
        "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
            + database.name()
            + "'");
  }

  private void awaitReconnected(CdcEngine engine, long times) {
    Await.until(
        "it reconnected",
        () ->
            engine.status().reconnects() == times
                && engine.status().state() == EngineState.STREAMING);
  }

  @Test
  void goesOnAfterTheServerEndedTheConnection() throws Exception {
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = startWatched(listener)) {
      for (int i = 1; i <= 3; i++) {
        database.execute("INSERT INTO item VALUES (" + 2 * i + ", 1, 'before')");
        endWalSender();
        database.execute("INSERT INTO item VALUES (" + (2 * i + 1) + ", 1, 'after')");
        awaitReconnected(engine, i);
      }
      awaitProcessed(engine);
      assertThat(engine.failure()).isEmpty();
      assertThat(engine.status().reason()).isNull();
    }
    assertThat(listener.events())
        .extracting(e -> ((Insert<Item>) e).after().id())
        .containsExactly(2, 3, 4, 5, 6, 7);
    assertThat(states)
        .containsSubsequence(EngineState.STREAMING, EngineState.RECONNECTING, EngineState.STREAMING)
        .doesNotContain(EngineState.FAILED);
  }

  @Test
  void repeatsNothingOfATransactionThatWasCutOff() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    List<Long> orders = new CopyOnWriteArrayList<>();
    CdcEngine engine =
        start(
            event -> {
              orders.add(event.metadata().order());
              if (orders.size() == 2_500) {
                inside.countDown();
                proceed.await();
              }
            });
    try (engine) {
      database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, 20000) i");
      inside.await();
      endWalSender();
      Await.until("the loss is noticed", () -> engine.state() == EngineState.RECONNECTING);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isEqualTo(1);
    }
    assertThat(orders)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 20_000).boxed().toList());
  }

  @Test
  void aListenerAtWorkIsNotInterrupted() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    CdcEngine engine =
        start(
            event -> {
              inside.countDown();
              proceed.await();
            });
    try (engine) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      inside.await();
      endWalSender();
      Await.until("the loss is noticed", () -> engine.state() == EngineState.RECONNECTING);
      Await.until(
          "it would have been interrupted",
          () -> engine.status().since().isBefore(Instant.now().minusSeconds(4)));
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(1);
    }
  }

  @Test
  void aSnapshotThatWasCutOffBeginsAgain() throws Exception {
    database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, 30000) i");
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    RecordingListener<Item> listener = new RecordingListener<>();
    CdcEngine engine =
        CdcEngine.builder(config().build())
            .listen(
                ITEMS,
                event -> {
                  inside.countDown();
                  proceed.await();
                  listener.onChange(event);
                })
            .onState((from, to, failure) -> states.add(to))
            .start();
    try (engine) {
      inside.await();
      database.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE application_name LIKE 'WalTap%' AND datname = current_database()");
      proceed.countDown();
      Await.until("the loss is noticed", () -> states.contains(EngineState.RECONNECTING));
      database.execute("INSERT INTO item VALUES (0, 0, 'after')");
      awaitProcessed(engine);
    }
    List<Integer> last =
        listener
            .events()
            .subList(listener.events().size() - 30_001, listener.events().size())
            .stream()
            .map(ReconnectIT::id)
            .sorted()
            .toList();
    assertThat(last).hasSize(30_001).startsWith(0, 1, 2).endsWith(30_000).doesNotHaveDuplicates();
    assertThat(states).containsSubsequence(EngineState.RECONNECTING, EngineState.SNAPSHOTTING);
  }

  private static int id(ChangeEvent<Item> event) {
    return event instanceof Insert<Item> insert
        ? insert.after().id()
        : ((ChangeEvent.Read<Item>) event).after().id();
  }

  @Test
  void endsWithTheReasonWhenTheSlotIsGone() throws Exception {
    CdcEngine engine = startWatched(new RecordingListener<>());
    String slot = "'" + database.name() + "'";
    database.execute(
        "DO $$ BEGIN PERFORM pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE"
            + " slot_name = "
            + slot
            + "; LOOP BEGIN PERFORM pg_drop_replication_slot("
            + slot
            + "); EXIT; EXCEPTION WHEN object_in_use THEN PERFORM pg_sleep(0.001); END; END LOOP;"
            + " END $$");
    assertFailed(engine, Code.SLOT_MISSING);
  }

  @Test
  void endsWithTheReasonWhenThePublicationIsGone() throws Exception {
    CdcEngine engine = startWatched(new RecordingListener<>());
    database.execute("DROP PUBLICATION waltap", "INSERT INTO item VALUES (1, 1, 'lost')");
    assertFailed(engine, Code.PUBLICATION_MISSING);
  }

  private static void assertFailed(CdcEngine engine, Code code) {
    assertThatThrownBy(engine::awaitStopped)
        .isInstanceOfSatisfying(
            CdcException.class,
            failure ->
                assertThat(failure.problems()).extracting(Problem::code).containsExactly(code));
    assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    assertThat(engine.status().reason()).contains(code.name());
  }

  @Test
  void showsTheSlotAndTheLag() throws Exception {
    RecordingListener<Item> listener = new RecordingListener<>();
    CdcEngine engine =
        CdcEngine.builder(config().heartbeatInterval(Duration.ofMillis(100)).build())
            .listen(ITEMS, listener)
            .start();
    try (engine) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      Await.until(
          "heartbeats come round",
          () -> engine.status().lag() != null && engine.status().slot() != null);
      database.execute("CREATE TABLE elsewhere AS SELECT i FROM generate_series(1, 1000) i");
      Lsn written = now();
      Await.until(
          "the slot moves though nothing is captured",
          () -> Lsn.parse(slot("confirmed_flush_lsn")).compareTo(written) >= 0);
      assertThat(engine.status().slot()).extracting(SlotStatus::walStatus).isEqualTo("reserved");
      assertThat(engine.status().lagBytes()).isNotNegative();
      assertThat(engine.status().reconnects()).isZero();
    }
    assertThat(listener.events()).isEmpty();
  }
}

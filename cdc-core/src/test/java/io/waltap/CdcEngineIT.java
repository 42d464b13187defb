package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Truncate;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.offset.FileOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CdcEngineIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Table<Item> ITEMS = Table.of("public.item", Item.class);

  record Item(int id, BigDecimal price, @Nullable String unitName) {}

  @TempDir private Path folder;
  private TestDatabase database;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, price numeric, unit_name text)",
        "ALTER TABLE item REPLICA IDENTITY FULL",
        "CREATE PUBLICATION waltap FOR TABLE item");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private CdcConfig.Builder config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.user())
        .password(database.password())
        .slot(database.name())
        .offsetFile(folder.resolve("offset"));
  }

  private CdcEngine start(ChangeListener<Item> listener) throws InterruptedException {
    CdcEngine engine = CdcEngine.builder(config().build()).listen(ITEMS, listener).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  private Lsn now() {
    return Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
  }

  private void awaitProcessed(CdcEngine engine) throws InterruptedException {
    assertThat(engine.awaitProcessed(now(), SOON)).isTrue();
  }

  @Test
  void deliversExistingRowsThenEveryKindOfChangeInOrder() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1.10, 'piece')");
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      database.execute(
          "INSERT INTO item VALUES (2, 20.00, NULL)",
          "UPDATE item SET price = 2.50 WHERE id = 1",
          "UPDATE item SET id = 3 WHERE id = 2",
          "DELETE FROM item WHERE id = 1",
          "TRUNCATE item");
      awaitProcessed(engine);
    }
    List<ChangeEvent<Item>> events = listener.events();
    assertThat(events)
        .extracting(e -> (Object) e.getClass())
        .containsExactly(
            Read.class, Insert.class, Update.class, Update.class, Delete.class, Truncate.class);
    Item one = new Item(1, new BigDecimal("1.10"), "piece");
    Item dearer = new Item(1, new BigDecimal("2.50"), "piece");
    Item two = new Item(2, new BigDecimal("20.00"), null);
    Item three = new Item(3, new BigDecimal("20.00"), null);
    assertThat(((Read<Item>) events.get(0)).after()).isEqualTo(one);
    assertThat(((Insert<Item>) events.get(1)).after()).isEqualTo(two);
    assertThat(((Update<Item>) events.get(2)).before()).isEqualTo(one);
    assertThat(((Update<Item>) events.get(2)).after()).isEqualTo(dearer);
    assertThat(((Update<Item>) events.get(2)).keyChanged()).isFalse();
    Update<Item> moved = (Update<Item>) events.get(3);
    assertThat(moved.keyChanged()).isTrue();
    assertThat(moved.before()).isEqualTo(two);
    assertThat(moved.after()).isEqualTo(three);
    assertThat(moved.key().getInteger("id")).isEqualTo(3);
    assertThat(Objects.requireNonNull(moved.previousKey()).getInteger("id")).isEqualTo(2);
    assertThat(((Delete<Item>) events.get(4)).before()).isEqualTo(dearer);
    assertThat(((Delete<Item>) events.get(4)).key().columns()).containsExactly("id");
  }

  @Test
  void saysWhereAndWhenAChangeHappened() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1, 'a')");
    RecordingListener<Item> listener = new RecordingListener<>();
    Instant before = Instant.parse(serverTime());
    String transaction;
    try (CdcEngine engine = start(listener)) {
      transaction =
          database.value(
              "WITH moved AS (INSERT INTO item VALUES (2, 2, 'b'), (3, 3, 'c') RETURNING 1)"
                  + " SELECT pg_current_xact_id()::text::bigint & 4294967295");
      awaitProcessed(engine);
    }
    ChangeMetadata read = listener.events().get(0).metadata();
    assertThat(read.snapshot()).isTrue();
    assertThat(read.order()).isZero();
    assertThat(read.transactionId()).isNull();
    assertThat(read.commitLsn()).isNull();
    assertThat(read.commitTime()).isNull();
    ChangeMetadata first = listener.events().get(1).metadata();
    ChangeMetadata second = listener.events().get(2).metadata();
    assertThat(first.snapshot()).isFalse();
    assertThat(first.table()).hasToString("public.item");
    assertThat(first.transactionId()).isEqualTo(Long.parseLong(transaction));
    assertThat(second.transactionId()).isEqualTo(first.transactionId());
    assertThat(first.order()).isEqualTo(1);
    assertThat(second.order()).isEqualTo(2);
    assertThat(first.lsn()).isGreaterThanOrEqualTo(read.lsn()).isLessThan(second.lsn());
    assertThat(second.lsn()).isLessThan(first.commitLsn());
    assertThat(second.commitLsn()).isEqualTo(first.commitLsn());
    assertThat(first.commitLsn()).isLessThan(now());
    assertThat(first.commitTime()).isBetween(before, Instant.parse(serverTime()));
  }

  private String serverTime() {
    return database.value(
        "SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')");
  }

  @Test
  void keepsEveryDigitAndNotANumber() throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    Table<Row> table = Table.of("public.item");
    try (CdcEngine engine = CdcEngine.builder(config().build()).listen(table, listener).start()) {
      database.execute(
          "INSERT INTO item VALUES (1, 0.10000000000000000000000000000000000000001, '')",
          "INSERT INTO item VALUES (2, 1e30, '')",
          "INSERT INTO item VALUES (3, 'NaN', ''), (4, '-Infinity', '')");
      listener.await(4);
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
    }
    assertThat(listener.events())
        .extracting(e -> ((Insert<Row>) e).after().getString("price"))
        .containsExactly(
            "0.10000000000000000000000000000000000000001",
            "1000000000000000000000000000000",
            "NaN",
            "-Infinity");
    Row exact = ((Insert<Row>) listener.events().get(0)).after();
    assertThat(exact.getDecimal("price"))
        .isEqualTo(new BigDecimal("0.10000000000000000000000000000000000000001"));
    Row nan = ((Insert<Row>) listener.events().get(2)).after();
    assertThat(nan.getDouble("price")).isNaN();
    assertThatThrownBy(() -> nan.getDecimal("price"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("price")
        .hasMessageContaining("numeric");
  }

  @Test
  void anUnreadableValueStopsWithItsNameAndNotWithNull() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      database.execute("INSERT INTO item VALUES (1, 'NaN', '')");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("public.item")
          .hasMessageContaining("price")
          .hasMessageContaining("numeric");
    }
  }

  @Test
  void resumesAfterARestartWithoutRepeatingOrLosing() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1, 'snapshot')");
    RecordingListener<Item> first = new RecordingListener<>();
    try (CdcEngine engine = start(first)) {
      database.execute("INSERT INTO item VALUES (2, 2, 'running')");
      awaitProcessed(engine);
    }
    database.execute("INSERT INTO item VALUES (3, 3, 'stopped')");
    RecordingListener<Item> second = new RecordingListener<>();
    try (CdcEngine engine = start(second)) {
      database.execute("INSERT INTO item VALUES (4, 4, 'again')");
      awaitProcessed(engine);
    }
    assertThat(first.events()).hasSize(2);
    assertThat(second.events())
        .extracting(e -> ((Insert<Item>) e).after().id())
        .containsExactly(3, 4);
  }

  @Test
  void aCleanStopTellsTheSlotSoThatTheServerCanForget() throws Exception {
    Lsn processed;
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
      processed = engine.status().processed();
    }
    awaitFreeSlot();
    assertThat(Lsn.parse(slot("confirmed_flush_lsn"))).isEqualTo(processed);
  }

  // The server's process notices the closed connection a moment after it was closed.
  private void awaitFreeSlot() {
    Await.until("the slot is free", () -> slot("active").equals("f"));
  }

  private String slot(String column) {
    return database.value(
        "SELECT "
            + column
            + " FROM pg_replication_slots WHERE slot_name = '"
            + database.name()
            + "'");
  }

  @Test
  void thePositionMovesOnWhileOnlyOtherTablesAreWritten() throws Exception {
    database.execute("CREATE TABLE other (x int)");
    try (CdcEngine engine = start(event -> {})) {
      database.execute("INSERT INTO other SELECT generate_series(1, 1000)");
      awaitProcessed(engine);
      Lsn other = now();
      Await.until(
          "the slot is confirmed past the other table's changes",
          () -> Lsn.parse(slot("confirmed_flush_lsn")).compareTo(other) >= 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"runtime", "checked", "error", "retriable", "interrupted"})
  void aListenerThatThrowsStopsTheEngineAndGetsTheChangeAgain(String kind) throws Exception {
    List<Integer> accepted = new CopyOnWriteArrayList<>();
    ChangeListener<Item> picky =
        event -> {
          Item item = ((Insert<Item>) event).after();
          if (item.id() == 3) {
            throw trouble(kind);
          }
          accepted.add(item.id());
        };
    try (CdcEngine engine = start(picky)) {
      database.execute(
          "INSERT INTO item VALUES (1, 1, '')",
          "INSERT INTO item SELECT i, i, '' FROM generate_series(2, 5) i",
          "INSERT INTO item VALUES (6, 6, '')");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("public.item")
          .hasMessageContaining("refused 3");
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
      assertThat(engine.failure()).isPresent();
    }
    assertThat(accepted).containsExactly(1, 2);
    RecordingListener<Item> patient = new RecordingListener<>();
    try (CdcEngine engine = start(patient)) {
      awaitProcessed(engine);
    }
    assertThat(patient.events())
        .extracting(e -> ((Insert<Item>) e).after().id())
        .as("the transaction that was refused, whole, and what came after it")
        .containsExactly(2, 3, 4, 5, 6);
  }

  private static Exception trouble(String kind) throws Exception {
    String message = "refused 3";
    return switch (kind) {
      case "runtime" -> new IllegalStateException(message);
      case "checked" -> new Exception(message);
      case "error" -> throw new AssertionError(message);
      case "retriable" -> new RetriableException(message);
      case "interrupted" -> new InterruptedException(message);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @Test
  void closeInsideAListenerFinishesTheTransactionAndStops() throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    AtomicInteger count = new AtomicInteger();
    CdcEngine engine =
        start(
            event -> {
              if (count.incrementAndGet() == 2) {
                itself.join().close();
              }
            });
    itself.complete(engine);
    database.execute(
        "INSERT INTO item SELECT i, i, '' FROM generate_series(1, 4) i",
        "INSERT INTO item VALUES (5, 5, '')");
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(count).as("the transaction of four, and not the next one").hasValue(4);
    engine.close();
    awaitFreeSlot();
  }

  @Test
  void aListenerThatHangsCannotKeepTheSlot() throws Exception {
    CountDownLatch called = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    ChangeListener<Item> hanging =
        event -> {
          called.countDown();
          boolean interrupted = true;
          while (interrupted) {
            try {
              release.await();
              interrupted = false;
            } catch (InterruptedException e) {
              // ignores it, as bad listeners do
            }
          }
        };
    CdcConfig config = config().stopTimeout(Duration.ofSeconds(1)).build();
    CdcEngine engine = CdcEngine.builder(config).listen(ITEMS, hanging).start();
    try {
      engine.awaitStreaming(SOON);
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      called.await();
      engine.close();
      assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
      awaitFreeSlot();
      assertThat(connections()).isZero();
    } finally {
      release.countDown();
    }
  }

  private long connections() {
    return Long.parseLong(
        database.value(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                + " AND pid <> pg_backend_pid()"));
  }

  @Test
  void leavesNoThreadAndNoConnectionBehind() throws Exception {
    List<Thread> before = List.copyOf(Thread.getAllStackTraces().keySet());
    try (CdcEngine engine = start(event -> {})) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
    }
    Await.until("all connections are closed", () -> connections() == 0);
    Await.until(
        "all threads of the engine have ended",
        () ->
            Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> !before.contains(thread))
                .noneMatch(thread -> thread.getName().matches("(?i).*(waltap|debezium|pool-).*")));
  }

  @Test
  void aBrokenConnectionEndsInFailedAndTheNextStartLosesNothing() throws Exception {
    RecordingListener<Item> first = new RecordingListener<>();
    try (CdcEngine engine = start(first)) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
      database.execute("SELECT pg_terminate_backend(" + slot("active_pid") + ")");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageStartingWith("WalTap stopped: ")
          .hasMessageContaining("SQLSTATE");
    }
    database.execute("INSERT INTO item VALUES (2, 2, '')");
    RecordingListener<Item> second = new RecordingListener<>();
    try (CdcEngine engine = start(second)) {
      awaitProcessed(engine);
    }
    assertThat(first.events()).hasSize(1);
    assertThat(second.events()).hasSize(1);
  }

  @Test
  void aPublicationThatIsDroppedEndsInFailedAndNoChangeIsSkipped() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
      Lsn before = engine.status().processed();
      database.execute("DROP PUBLICATION waltap", "INSERT INTO item VALUES (2, 2, '')");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("waltap");
      assertThat(engine.status().processed())
          .as("no position beyond the change that was not sent")
          .isLessThan(now())
          .isGreaterThanOrEqualTo(before);
    }
  }

  @Test
  void neverTakesNoSnapshotAndResumesFromTheSlot() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1, 'old')");
    CdcConfig config = config().snapshotMode(SnapshotMode.NEVER).build();
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = CdcEngine.builder(config).listen(ITEMS, listener).start()) {
      database.execute("INSERT INTO item VALUES (2, 2, 'new')");
      awaitProcessed(engine);
    }
    assertThat(listener.events()).hasSize(1);
    assertThat(((Insert<Item>) listener.events().get(0)).after().id()).isEqualTo(2);
  }

  @Test
  void tellsItsStatesInOrder() throws Exception {
    List<EngineState> states = new CopyOnWriteArrayList<>();
    CdcConfig config = config().build();
    CdcEngine engine =
        CdcEngine.builder(config)
            .listen(ITEMS, event -> {})
            .onState((from, to, failure) -> states.add(to))
            .start();
    try (engine) {
      engine.awaitStreaming(SOON);
    }
    assertThat(states)
        .containsExactly(
            EngineState.SNAPSHOTTING,
            EngineState.STREAMING,
            EngineState.STOPPING,
            EngineState.STOPPED);
  }

  @Test
  void aSnapshotThatWasNotFinishedBeginsAgain() throws Exception {
    database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, 10) i");
    CdcConfig config = config().build();
    ChangeListener<Item> breaksOff =
        event -> {
          if (((Read<Item>) event).after().id() == 5) {
            throw new IllegalStateException("in the middle of the snapshot");
          }
        };
    CdcEngine broken = CdcEngine.builder(config).listen(ITEMS, breaksOff).start();
    assertThatThrownBy(broken::awaitStopped).hasMessageContaining("in the middle");
    database.execute("DELETE FROM item WHERE id = 1");
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      awaitProcessed(engine);
    }
    assertThat(listener.events())
        .extracting(e -> ((Read<Item>) e).after().id())
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void refusesASlotWhosePositionIsNotKnown() throws Exception {
    start(event -> {}).close();
    CdcConfig elsewhere = config().offsetFile(folder.resolve("lost")).build();
    assertThatThrownBy(() -> CdcEngine.builder(elsewhere).listen(ITEMS, event -> {}).start())
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("replication slot \"" + database.name() + "\" exists")
        .hasMessageContaining("SELECT pg_drop_replication_slot('" + database.name() + "');");
  }

  @Test
  void refusesAPositionWhoseSlotIsGone() throws Exception {
    start(event -> {}).close();
    database.execute("SELECT pg_drop_replication_slot('" + database.name() + "')");
    assertThatThrownBy(() -> start(event -> {}))
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("is gone")
        .hasMessageContaining(folder.resolve("offset").toString());
  }

  @Test
  void refusesAPositionBehindWhatTheSlotHasConfirmed() throws Exception {
    start(event -> {}).close();
    database.execute(
        "INSERT INTO item VALUES (1, 1, '')",
        "SELECT pg_replication_slot_advance('" + database.name() + "', pg_current_wal_lsn())");
    assertThatThrownBy(() -> start(event -> {}))
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("changes between are lost");
  }

  @Test
  void closesTheOffsetStoreWhenItCannotStart() throws Exception {
    CdcConfig wrong = config().publication("nowhere").build();
    assertThatThrownBy(() -> CdcEngine.builder(wrong).listen(ITEMS, event -> {}).start())
        .isInstanceOf(CdcException.class);
    try (FileOffsetStore store = new FileOffsetStore(folder.resolve("offset"))) {
      assertThat(store.open()).isEmpty();
    }
  }
}

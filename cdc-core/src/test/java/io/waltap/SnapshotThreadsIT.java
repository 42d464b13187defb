package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Row;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A snapshot of some tables, of which several are read at a time. */
class SnapshotThreadsIT extends Leftovers {

  private static final int TABLES = 4;
  private static final int ROWS = 1_000;
  private static final int THREADS = 3;

  private final RecordingListener<Row> listener = new RecordingListener<>();
  private final CountDownLatch proceed = new CountDownLatch(1);

  @BeforeEach
  void fill() {
    insert(1, ROWS);
    for (int i = 1; i < TABLES; i++) {
      database.execute(
          "CREATE TABLE t%d AS SELECT * FROM item ORDER BY id".formatted(i),
          "ALTER TABLE t%d ADD PRIMARY KEY (id)".formatted(i),
          "ALTER PUBLICATION waltap ADD TABLE t%d".formatted(i));
    }
  }

  private CdcEngine begin() throws InterruptedException {
    return CdcEngine.builder(
            config().snapshotThreads(THREADS).maxBatchSize(10).maxQueueSize(20).build())
        .listenAll(
            event -> {
              proceed.await();
              listener.onChange(event);
            })
        .start();
  }

  private String readers(String what) {
    return database.value(
        "SELECT "
            + what
            + " FROM pg_stat_activity"
            + " WHERE datname = current_database() AND query LIKE 'COPY (%'");
  }

  private void awaitReaders() {
    Await.until("so many read", () -> readers("count(*)").equals(Integer.toString(THREADS)));
  }

  private static List<Integer> ids(List<ChangeEvent<Row>> events, String table) {
    return events.stream()
        .filter(event -> event.table().name().equals(table))
        .map(event -> ((Read<Row>) event).after().getInteger("id"))
        .toList();
  }

  private static void assertAllInOrder(List<ChangeEvent<Row>> events) {
    List<Integer> all = IntStream.rangeClosed(1, ROWS).boxed().toList();
    assertThat(ids(events, "item")).isEqualTo(all);
    for (int i = 1; i < TABLES; i++) {
      assertThat(ids(events, "t" + i)).isEqualTo(all);
    }
  }

  @Test
  void eachTableComesWholeAndInOrderAndTheStreamAfterAllOfThem() throws Exception {
    try (CdcEngine engine = begin()) {
      awaitReaders();
      database.execute("DELETE FROM t1 WHERE id = 1", "INSERT INTO t2 VALUES (0, 0, '')");
      proceed.countDown();
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isZero();
    }
    List<ChangeEvent<Row>> events = listener.events();
    int rows = TABLES * ROWS;
    assertThat(events).hasSize(rows + 2);
    assertAllInOrder(events.subList(0, rows));
    assertThat(events.subList(rows, rows + 2))
        .extracting(event -> event.table().name())
        .containsExactly("t1", "t2");
    assertNothingIsLeft();
  }

  @Test
  void whoWantsTheTablesForThemselvesHoldNobodyUp() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> lockUntil(enough));
    proceed.countDown();
    try (CdcEngine engine = begin()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      assertThat(engine.status().reconnects()).isZero();
    } finally {
      enough.set(true);
      others.join();
    }
    assertAllInOrder(listener.events());
  }

  private void lockUntil(AtomicBoolean enough) {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      while (!enough.get()) {
        statement.execute("BEGIN; LOCK TABLE t1, t2 IN ACCESS EXCLUSIVE MODE; COMMIT");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void ifOneReaderFailsAllOfItIsReadAgain() throws Exception {
    try (CdcEngine engine = begin()) {
      awaitReaders();
      readers("pg_terminate_backend(max(pid))");
      proceed.countDown();
      Await.until("it begins again", () -> engine.status().reconnects() > 0);
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      awaitProcessed(engine);
    }
    List<ChangeEvent<Row>> events = listener.events();
    assertAllInOrder(events.subList(events.size() - TABLES * ROWS, events.size()));
    assertNothingIsLeft();
  }

  @Test
  void aStopEndsAllReaders() throws Exception {
    CdcEngine engine = begin();
    awaitReaders();
    proceed.countDown();
    engine.close();
    assertNothingIsLeft();
  }
}

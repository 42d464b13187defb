package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Truncate;
import io.waltap.event.Row;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Others who want a table for themselves while the snapshot is read. */
class SnapshotLocksIT extends ItemTable {

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void aTruncateWaitsForTheSnapshotAndDoesNotHoldItUp(int threads) throws Exception {
    database.execute(
        "INSERT INTO item SELECT i, i, '' FROM generate_series(1, 30000) i",
        "CREATE TABLE second (id int PRIMARY KEY)",
        "INSERT INTO second VALUES (1), (2)",
        "ALTER PUBLICATION waltap ADD TABLE second");
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    RecordingListener<Row> listener = new RecordingListener<>();
    CdcEngine engine =
        CdcEngine.builder(
                config().snapshotThreads(threads).maxBatchSize(100).maxQueueSize(200).build())
            .listenAll(
                event -> {
                  reading.countDown();
                  proceed.await();
                  listener.onChange(event);
                })
            .start();
    try (engine) {
      reading.await();
      CompletableFuture<Void> truncated = CompletableFuture.runAsync(this::truncate);
      Await.until("the truncate waits", () -> waiting(database).equals("1"));
      proceed.countDown();
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      truncated.join();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isZero();
    }
    assertThat(listener.events())
        .filteredOn(event -> event.table().name().equals("second"))
        .hasExactlyElementsOfTypes(Read.class, Read.class, Truncate.class);
  }

  @Test
  void manyWhoWantTheTableDoNotKeepTheSnapshotFromBeginning() throws Exception {
    database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, 1000) i");
    AtomicBoolean enough = new AtomicBoolean();
    CompletableFuture<Void> others = CompletableFuture.runAsync(() -> lockUntil(enough));
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      assertThat(engine.status().reconnects()).isZero();
    } finally {
      enough.set(true);
      others.join();
    }
    assertThat(listener.events()).hasSize(1000);
  }

  private void lockUntil(AtomicBoolean enough) {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      while (!enough.get()) {
        statement.execute("BEGIN; LOCK TABLE item IN ACCESS EXCLUSIVE MODE; COMMIT");
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private void truncate() {
    try (Connection other = database.connect();
        Statement statement = other.createStatement()) {
      statement.execute("TRUNCATE second");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String waiting(TestDatabase database) {
    return database.value(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND mode = 'AccessExclusiveLock'"
            + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())");
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Listeners that take their time with a snapshot, on a server that has little patience. */
class SlowSnapshotIT extends ItemTable {

  private static final int ROWS = 60;
  private static final int QUEUE = 10;
  private static final Duration TOO_LONG = Duration.ofSeconds(5);

  private final RecordingListener<Item> listener = new RecordingListener<>();
  private final CompletableFuture<CdcEngine> started = new CompletableFuture<>();

  @BeforeEach
  void fill() {
    database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, " + ROWS + ") i");
  }

  @Test
  void whoeverIsIdleInATransactionMeanwhileIsLeftAlone() throws Exception {
    setting("idle_in_transaction_session_timeout");
    assertReadsOnceAlthoughItWaitsAt(1);
  }

  @Test
  void aTransactionMayLast() throws Exception {
    if (database.value("SELECT current_setting('transaction_timeout', true)") != null) {
      setting("transaction_timeout");
    }
    assertReadsOnceAlthoughItWaitsAt(1);
  }

  // Then the queue is full of the last rows, and has no room for the beginning of the stream.
  @Test
  void theStreamThatWaitsForTheLastRowsIsKeptAlive() throws Exception {
    setting("wal_sender_timeout");
    assertReadsOnceAlthoughItWaitsAt(ROWS - QUEUE);
  }

  private void setting(String timeout) {
    database.execute("ALTER DATABASE %s SET %s = '2s'".formatted(database.name(), timeout));
  }

  private void assertReadsOnceAlthoughItWaitsAt(int row) throws Exception {
    try (CdcEngine engine =
        CdcEngine.builder(config().maxBatchSize(1).maxQueueSize(QUEUE).build())
            .listen(
                ITEMS,
                event -> {
                  listener.onChange(event);
                  if (listener.events().size() == row) {
                    started.join().awaitProcessed(new Lsn(Long.MAX_VALUE), TOO_LONG); // in vain
                  }
                })
            .start()) {
      started.complete(engine);
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute("INSERT INTO item VALUES (1000, 1, 'later')");
      Await.until("the change came", () -> listener.events().size() > ROWS);
      assertThat(engine.status().reconnects()).isZero();
      assertThat(listener.events()).hasSize(ROWS + 1);
    }
  }
}

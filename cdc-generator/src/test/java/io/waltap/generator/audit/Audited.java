package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;

/** A database with a ledger, and an engine whose deliveries are recorded. */
final class Audited implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(60);

  final TestDatabase database = TestDatabase.create();
  final OffsetStore offsets = new InMemoryOffsetStore();
  private final Path recording;

  Audited(Path recording) {
    this.recording = recording;
  }

  /** Creates the tables, begins to keep the ledger of them and publishes them. */
  Audited install(String published, String... tables) throws Exception {
    Ledger.install(database.connection(), Arrays.stream(tables).map(TableId::parse).toList());
    database.execute("CREATE PUBLICATION waltap FOR TABLE " + published);
    return this;
  }

  CdcConfig config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.user())
        .password(database.password())
        .slot(database.name())
        .build();
  }

  /** Runs statements while an engine records, and waits until it has everything. */
  void whileRecording(String... statements) throws Exception {
    whileRecording(() -> database.execute(statements));
  }

  interface Work {
    void run() throws Exception;
  }

  void whileRecording(Work work) throws Exception {
    whileRecording(event -> {}, work);
  }

  /** Runs something while an engine records, and has another listener see the same. */
  void whileRecording(ChangeListener<Row> other, Work work) throws Exception {
    try (DeliveryRecorder recorder = DeliveryRecorder.open(recording);
        CdcEngine engine =
            CdcEngine.builder(config())
                .offsets(offsets)
                .listenAll(
                    event -> {
                      recorder.onChange(event);
                      other.onChange(event);
                    })
                .start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      work.run();
      Lsn now = Lsn.parse(database.value("SELECT pg_current_wal_insert_lsn()"));
      assertThat(engine.awaitProcessed(now, SOON)).isTrue();
    }
  }

  AuditReport audit() throws Exception {
    return Audit.of(database.connection(), recording).run();
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.time.Duration;
import java.util.List;

/** An engine that keeps every change of every table of the publication {@code waltap}. */
final class Capturing implements AutoCloseable {

  private static final Duration SOON = Duration.ofSeconds(30);

  private final TestDatabase database;
  private final RecordingListener<Row> listener = new RecordingListener<>();
  private final CdcEngine engine;

  private Capturing(TestDatabase database) throws InterruptedException {
    this.database = database;
    this.engine = builder(database).listenAll(listener).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
  }

  static Capturing everything(TestDatabase database) throws InterruptedException {
    return new Capturing(database);
  }

  /** An engine for the database, with a position that nobody keeps. */
  static CdcEngine.Builder builder(TestDatabase database) {
    return CdcEngine.builder(config(database).build()).offsets(new InMemoryOffsetStore());
  }

  static CdcConfig.Builder config(TestDatabase database) {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.user())
        .password(database.password())
        .slot(database.name());
  }

  /** Waits until the engine has delivered all that is committed. */
  static void catchUp(CdcEngine engine, TestDatabase database) throws InterruptedException {
    Lsn now = Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
    assertThat(engine.awaitProcessed(now, SOON)).isTrue();
  }

  /** All changes of a table so far, given as {@code schema.table}. */
  List<ChangeEvent<Row>> of(String table) throws InterruptedException {
    catchUp(engine, database);
    return listener.events().stream().filter(e -> e.table().toString().equals(table)).toList();
  }

  /** All changes so far. */
  List<ChangeEvent<Row>> all() throws InterruptedException {
    catchUp(engine, database);
    return listener.events();
  }

  @Override
  public void close() {
    engine.close();
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database with one table of items, and engines on it. */
abstract class ItemTable {

  static final Duration SOON = Duration.ofSeconds(30);
  static final Table<Item> ITEMS = Table.of("public.item", Item.class);

  record Item(int id, BigDecimal price, @Nullable String unitName) {}

  @TempDir Path folder;
  TestDatabase database;

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

  CdcConfig.Builder config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(database.user())
        .password(database.password())
        .slot(database.name())
        .offsetFile(folder.resolve("offset"));
  }

  CdcEngine start(ChangeListener<Item> listener) throws InterruptedException {
    CdcEngine engine = CdcEngine.builder(config().build()).listen(ITEMS, listener).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  Lsn now() {
    return Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
  }

  void awaitProcessed(CdcEngine engine) throws InterruptedException {
    assertThat(engine.awaitProcessed(now(), SOON)).isTrue();
  }

  // The server's process notices the closed connection a moment after it was closed.
  void awaitFreeSlot() {
    Await.until("the slot is free", () -> slot("active").equals("f"));
  }

  String slot(String column) {
    return database.value(
        "SELECT "
            + column
            + " FROM pg_replication_slots WHERE slot_name = '"
            + database.name()
            + "'");
  }
}

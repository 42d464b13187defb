package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A large value that an update leaves alone is not sent by the server, and never shown as null. */
class UnchangedToastIT {

  record Page(int id, String body, int views) {}

  private TestDatabase database;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE page (id int PRIMARY KEY, body text, views int NOT NULL)",
        "ALTER TABLE page ALTER COLUMN body SET STORAGE EXTERNAL",
        "CREATE PUBLICATION waltap FOR TABLE page");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private <T> CdcEngine start(Table<T> table, ChangeListener<T> listener) throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.user())
            .password(database.password())
            .slot(database.name())
            .build();
    return CdcEngine.builder(config)
        .listen(table, listener)
        .offsets(new InMemoryOffsetStore())
        .start();
  }

  private void insertAndTouch() {
    database.execute(
        "INSERT INTO page VALUES (1, repeat('wide ', 2000), 0)", "UPDATE page SET views = 1");
  }

  @Test
  void aRowSaysThatItIsUnchanged() throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    try (CdcEngine engine = start(Table.of("public.page"), listener)) {
      insertAndTouch();
      listener.await(2);
      assertThat(engine.failure()).isEmpty();
    }
    Row after = ((Update<Row>) listener.events().get(1)).after();
    assertThat(after.isUnchanged("body")).isTrue();
    assertThat(after.isNull("body")).isFalse();
    assertThat(after.getInteger("views")).isEqualTo(1);
    assertThatThrownBy(() -> after.getString("body"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("body");
  }

  @Test
  void withFullReplicaIdentityTheValueIsThere() throws Exception {
    database.execute("ALTER TABLE page REPLICA IDENTITY FULL");
    RecordingListener<Page> listener = new RecordingListener<>();
    try (CdcEngine engine = start(Table.of("public.page", Page.class), listener)) {
      insertAndTouch();
      listener.await(2);
      assertThat(engine.failure()).isEmpty();
    }
    Update<Page> update = (Update<Page>) listener.events().get(1);
    assertThat(update.after()).isEqualTo(new Page(1, "wide ".repeat(2000), 1));
    assertThat(Objects.requireNonNull(update.before()).views()).isZero();
  }

  @Test
  void aRecordWithoutTheValueStopsTheEngineAndSaysWhatToDo() throws Exception {
    try (CdcEngine engine = start(Table.of("public.page", Page.class), event -> {})) {
      insertAndTouch();
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("body")
          .hasMessageContaining("REPLICA IDENTITY FULL");
    }
  }

  @Test
  void dataThatLooksLikeTheMarkIsData() throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    try (CdcEngine engine = start(Table.of("public.page"), listener)) {
      database.execute("INSERT INTO page VALUES (1, 'x', 0)", "UPDATE page SET body = 'unchanged'");
      listener.await(2);
      assertThat(engine.failure()).isEmpty();
    }
    Row after = ((Update<Row>) listener.events().get(1)).after();
    assertThat(after.isUnchanged("body")).isFalse();
    assertThat(after.getString("body")).isEqualTo("unchanged");
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.config.UnchangedPolicy;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Column;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A large value that an update leaves alone is not sent by the server, and never shown as null. */
class UnchangedToastIT {

  record Page(int id, String body, int views) {}

  record ThreeStatePage(int id, Column<String> body, Column<List<Integer>> marks, int views) {}

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
    return start(table, listener, UnchangedPolicy.FAIL);
  }

  private <T> CdcEngine start(Table<T> table, ChangeListener<T> listener, UnchangedPolicy unchanged)
      throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .unchanged(unchanged)
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
  void aComponentOfTypeColumnTellsTheThreeStates() throws Exception {
    database.execute(
        "ALTER TABLE page ADD marks int[]",
        "ALTER TABLE page ALTER COLUMN marks SET STORAGE EXTERNAL");
    RecordingListener<ThreeStatePage> listener = new RecordingListener<>();
    try (CdcEngine engine =
        start(Table.of("public.page", ThreeStatePage.class), listener, UnchangedPolicy.NULL)) {
      database.execute(
          "INSERT INTO page VALUES (1, 'x', 0)",
          "UPDATE page SET body = repeat('wide ', 2000), marks = array_fill(7, ARRAY[3000])",
          "UPDATE page SET views = 1",
          "UPDATE page SET body = NULL");
      listener.await(4);
      assertThat(engine.failure()).isEmpty();
    }
    assertThat(((Insert<ThreeStatePage>) listener.events().get(0)).after())
        .isEqualTo(new ThreeStatePage(1, Column.of("x"), Column.of(null), 0));
    assertThat(after(listener, 1).body()).isEqualTo(Column.of("wide ".repeat(2000)));
    assertThat(after(listener, 1).marks()).isEqualTo(Column.of(Collections.nCopies(3000, 7)));
    assertThat(after(listener, 2))
        .isEqualTo(new ThreeStatePage(1, Column.unchanged(), Column.unchanged(), 1));
    assertThat(after(listener, 3))
        .isEqualTo(new ThreeStatePage(1, Column.of(null), Column.unchanged(), 1));
  }

  private static <T> T after(RecordingListener<T> listener, int event) {
    return ((Update<T>) listener.events().get(event)).after();
  }

  @Test
  void byPolicyAPlainComponentIsNull() throws Exception {
    RecordingListener<Page> listener = new RecordingListener<>();
    try (CdcEngine engine =
        start(Table.of("public.page", Page.class), listener, UnchangedPolicy.NULL)) {
      insertAndTouch();
      listener.await(2);
      assertThat(engine.failure()).isEmpty();
    }
    assertThat(after(listener, 1).body()).isNull();
    assertThat(after(listener, 1).views()).isEqualTo(1);
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

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
import io.waltap.listener.EngineState;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class CdcEngineIT extends ItemTable {

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
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Lsn;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.testing.RecordingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Engines whose positions are in a table of the very database that they capture. */
@Timeout(120)
class JdbcOffsetsIT extends ItemTable {

  private JdbcOffsetStore store() {
    return JdbcOffsetStore.builder(database::connect, "items").createTable().build();
  }

  private CdcEngine startWithTable(ChangeListener<Item> listener) throws InterruptedException {
    CdcEngine engine =
        CdcEngine.builder(config().build()).listen(ITEMS, listener).offsets(store()).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  private String stored(String column) {
    return database.value("SELECT " + column + " FROM waltap_offset");
  }

  @Test
  void resumesAfterARestartWithoutRepeatingOrLosing() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1, 'snapshot')");
    RecordingListener<Item> first = new RecordingListener<>();
    try (CdcEngine engine = startWithTable(first)) {
      database.execute("INSERT INTO item VALUES (2, 2, 'running')");
      awaitProcessed(engine);
    }
    assertThat(first.events()).hasSize(2);
    awaitFreeSlot();
    assertThat(Lsn.parse(slot("confirmed_flush_lsn"))).isEqualTo(Lsn.parse(stored("lsn")));
    database.execute("INSERT INTO item VALUES (3, 3, 'stopped')");
    RecordingListener<Item> second = new RecordingListener<>();
    try (CdcEngine engine = startWithTable(second)) {
      awaitProcessed(engine);
    }
    assertThat(second.events())
        .extracting(event -> ((Insert<Item>) event).after().id())
        .containsExactly(3);
    assertThat(stored("slot || ' ' || timeline || ' ' || publication || ' ' || generation"))
        .isEqualTo(database.name() + " 1 waltap 2");
  }

  @Test
  void anEngineThatFindsTheSlotInUseDoesNotShutItsHolderOut() throws Exception {
    try (CdcEngine engine = startWithTable(event -> {})) {
      assertThatThrownBy(() -> startWithTable(event -> {}))
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("is in use by");
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
      assertThat(stored("generation")).isEqualTo("1");
    }
  }

  @Test
  void anEngineWhoseRowWasTakenOverStopsAndNamesBoth() throws Exception {
    try (CdcEngine engine = startWithTable(event -> {});
        JdbcOffsetStore heir = store()) {
      heir.open();
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      assertThatThrownBy(engine::awaitStopped)
          .hasMessageContaining("was taken over by process")
          .hasMessageContaining("(generation 2) while process");
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    }
  }
}

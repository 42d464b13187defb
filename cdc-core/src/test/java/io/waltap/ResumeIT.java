package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Lsn;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.FileOffsetStore;
import io.waltap.testing.RecordingListener;
import org.junit.jupiter.api.Test;

/** Positions and slots: what a start makes of what an earlier run left. */
class ResumeIT extends ItemTable {

  @Test
  void resumesAfterARestartWithoutRepeatingOrLosing() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1, 'snapshot')");
    RecordingListener<Item> first = new RecordingListener<>();
    try (CdcEngine engine = start(first)) {
      database.execute("INSERT INTO item VALUES (2, 2, 'running')");
      awaitProcessed(engine);
    }
    database.execute("INSERT INTO item VALUES (3, 3, 'stopped')");
    RecordingListener<Item> second = new RecordingListener<>();
    try (CdcEngine engine = start(second)) {
      database.execute("INSERT INTO item VALUES (4, 4, 'again')");
      awaitProcessed(engine);
    }
    assertThat(first.events()).hasSize(2);
    assertThat(second.events())
        .extracting(e -> ((Insert<Item>) e).after().id())
        .containsExactly(3, 4);
  }

  @Test
  void aCleanStopTellsTheSlotSoThatTheServerCanForget() throws Exception {
    CdcEngine engine = start(new RecordingListener<>());
    try (engine) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
    }
    Lsn processed = engine.status().processed();
    awaitFreeSlot();
    assertThat(Lsn.parse(slot("confirmed_flush_lsn"))).isEqualTo(processed);
  }

  @Test
  void aSnapshotThatWasNotFinishedBeginsAgain() throws Exception {
    database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, 10) i");
    CdcConfig config = config().build();
    ChangeListener<Item> breaksOff =
        event -> {
          if (((Read<Item>) event).after().id() == 5) {
            throw new IllegalStateException("in the middle of the snapshot");
          }
        };
    CdcEngine broken = CdcEngine.builder(config).listen(ITEMS, breaksOff).start();
    assertThatThrownBy(broken::awaitStopped).hasRootCauseMessage("in the middle of the snapshot");
    database.execute("DELETE FROM item WHERE id = 1");
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = start(listener)) {
      awaitProcessed(engine);
    }
    assertThat(listener.events())
        .extracting(e -> ((Read<Item>) e).after().id())
        .containsExactly(2, 3, 4, 5, 6, 7, 8, 9, 10);
  }

  @Test
  void refusesASlotWhosePositionIsNotKnown() throws Exception {
    start(event -> {}).close();
    CdcConfig elsewhere = config().offsetFile(folder.resolve("lost")).build();
    assertThatThrownBy(() -> CdcEngine.builder(elsewhere).listen(ITEMS, event -> {}).start())
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("replication slot \"" + database.name() + "\" exists")
        .hasMessageContaining("SELECT pg_drop_replication_slot('" + database.name() + "');");
  }

  @Test
  void refusesAPositionWhoseSlotIsGone() throws Exception {
    start(event -> {}).close();
    database.execute("SELECT pg_drop_replication_slot('" + database.name() + "')");
    assertThatThrownBy(() -> start(event -> {}))
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("is gone")
        .hasMessageContaining(folder.resolve("offset").toString());
  }

  @Test
  void refusesAPositionBehindWhatTheSlotHasConfirmed() throws Exception {
    start(event -> {}).close();
    database.execute(
        "INSERT INTO item VALUES (1, 1, '')",
        "SELECT pg_replication_slot_advance('" + database.name() + "', pg_current_wal_lsn())");
    assertThatThrownBy(() -> start(event -> {}))
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("changes between are lost");
  }

  @Test
  void closesTheOffsetStoreWhenItCannotStart() throws Exception {
    CdcConfig wrong = config().publication("nowhere").build();
    assertThatThrownBy(() -> CdcEngine.builder(wrong).listen(ITEMS, event -> {}).start())
        .isInstanceOf(CdcException.class);
    try (FileOffsetStore store = new FileOffsetStore(folder.resolve("offset"))) {
      assertThat(store.open()).isEmpty();
    }
  }
}

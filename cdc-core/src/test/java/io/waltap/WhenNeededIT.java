package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.internal.preflight.StartPoint;
import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** {@code snapshotMode(WHEN_NEEDED)} begins again where the default refuses, and says so. */
class WhenNeededIT extends ItemTable {

  private final Logger logger = (Logger) LoggerFactory.getLogger(StartPoint.class);
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();

  @BeforeEach
  void runOnce() throws Exception {
    log.start();
    logger.addAppender(log);
    database.execute("INSERT INTO item VALUES (1, 1, 'old'), (2, 2, 'kept')");
    assertThat(run()).hasSize(2);
    assertThat(log.list).isEmpty();
  }

  @AfterEach
  void stopListening() {
    logger.detachAppender(log);
  }

  private CdcConfig whenNeeded() {
    return config().snapshotMode(SnapshotMode.WHEN_NEEDED).build();
  }

  /** Runs until all is delivered, and gives that. */
  private List<ChangeEvent<Item>> run() throws Exception {
    RecordingListener<Item> listener = new RecordingListener<>();
    try (CdcEngine engine = CdcEngine.builder(whenNeeded()).listen(ITEMS, listener).start()) {
      awaitProcessed(engine);
    }
    awaitFreeSlot();
    return listener.events();
  }

  private void dropSlot() {
    database.execute("SELECT pg_drop_replication_slot('" + database.name() + "')");
  }

  private void assertBeginsAgain(String reason) throws Exception {
    assertThatThrownBy(() -> start(event -> {}))
        .isInstanceOf(CdcException.class)
        .hasMessageContaining(reason);
    database.execute("DELETE FROM item WHERE id = 1", "INSERT INTO item VALUES (3, 3, 'new')");
    assertThat(run())
        .allMatch(Read.class::isInstance)
        .extracting(event -> ((Read<Item>) event).after().id())
        .containsExactly(2, 3);
    assertThat(log.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.WARN);
              assertThat(line.getFormattedMessage())
                  .contains(reason)
                  .contains("Beginning again with a fresh snapshot");
            });
    database.execute("INSERT INTO item VALUES (4, 4, 'newer')");
    assertThat(run()).singleElement().isInstanceOf(Insert.class);
    assertThat(log.list).as("resumed without a word").hasSize(1);
  }

  @Test
  void resumesWhatCanBeResumed() throws Exception {
    database.execute("INSERT INTO item VALUES (3, 3, 'new')");
    assertThat(run()).singleElement().isInstanceOf(Insert.class);
    assertThat(log.list).isEmpty();
  }

  @Test
  void beginsAgainIfTheSlotIsGone() throws Exception {
    dropSlot();
    assertBeginsAgain("is gone");
  }

  @Test
  void beginsAgainIfTheSlotWasMadeAnew() throws Exception {
    dropSlot();
    database.execute(
        "SELECT pg_create_logical_replication_slot('" + database.name() + "', 'pgoutput')");
    assertBeginsAgain("was confirmed up to");
  }

  @Test
  void beginsAgainIfTheSlotWasAdvanced() throws Exception {
    database.execute(
        "INSERT INTO item VALUES (9, 9, '')",
        "DELETE FROM item WHERE id = 9",
        "SELECT pg_replication_slot_advance('" + database.name() + "', pg_current_wal_lsn())");
    assertBeginsAgain("was confirmed up to");
  }

  @Test
  void beginsAgainIfThePositionIsMissing() throws Exception {
    Files.delete(folder.resolve("offset"));
    Files.deleteIfExists(folder.resolve("offset.previous"));
    assertBeginsAgain("holds no position for it");
  }

  @Test
  void stillRefusesADamagedFile() throws Exception {
    Files.writeString(folder.resolve("offset"), "damaged");
    Files.writeString(folder.resolve("offset.previous"), "damaged");
    assertThatThrownBy(this::run)
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("so that the position is lost");
    assertThat(slot("active")).isEqualTo("f");
  }

  @Test
  void stillRefusesAnotherPublication() throws Exception {
    database.execute("CREATE PUBLICATION other FOR TABLE item");
    CdcConfig other = whenNeeded().toBuilder().publication("other").build();
    assertThatThrownBy(() -> CdcEngine.builder(other).listen(ITEMS, event -> {}).start())
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("belongs to the publication \"waltap\", not to \"other\"")
        .hasMessageContaining("Set publication(\"waltap\")");
  }

  @Test
  void stillRefusesAnotherSlot() throws Exception {
    CdcConfig other = whenNeeded().toBuilder().slot("another").build();
    assertThatThrownBy(() -> CdcEngine.builder(other).listen(ITEMS, event -> {}).start())
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("belongs to the replication slot");
  }

  @Test
  void beginsAgainIfTheServerGaveTheSlotUp() throws Exception {
    Map<String, String> settings = new HashMap<>(PostgresServer.SETTINGS);
    settings.put("max_slot_wal_keep_size", "1MB");
    settings.put("min_wal_size", "32MB");
    settings.put("max_wal_size", "32MB");
    TestDatabase shared = database;
    try (TestDatabase own = TestDatabase.createOn(PostgresServer.embedded(settings))) {
      database = own;
      own.execute(
          "CREATE TABLE item (id int PRIMARY KEY, price numeric, unit_name text)",
          "CREATE PUBLICATION waltap FOR TABLE item",
          "INSERT INTO item VALUES (1, 1, 'old'), (2, 2, 'kept')");
      Files.delete(folder.resolve("offset"));
      Files.deleteIfExists(folder.resolve("offset.previous"));
      assertThat(run()).hasSize(2);
      Await.until("the server gives the slot up", this::lost);
      assertBeginsAgain("was invalidated by the server");
    } finally {
      database = shared;
    }
  }

  private boolean lost() {
    database.execute(
        "UPDATE item SET price = price + 1 WHERE id = 2", "SELECT pg_switch_wal()", "CHECKPOINT");
    return slot("wal_status").equals("lost");
  }
}

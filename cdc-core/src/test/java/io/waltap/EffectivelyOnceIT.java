package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.listener.EngineState;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.listener.JdbcListener;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.testing.Await;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a listener writes on WalTap's connection is there exactly once, whatever happens. */
class EffectivelyOnceIT extends ItemTable {

  private final AtomicInteger calls = new AtomicInteger();

  @BeforeEach
  void createEffects() {
    database.execute("CREATE TABLE effect (id int, at timestamptz DEFAULT clock_timestamp())");
  }

  private JdbcOffsetStore store() {
    return JdbcOffsetStore.builder(database::connect, "items").createTable().build();
  }

  private static void book(ChangeEvent<Item> change, Connection connection) throws SQLException {
    if (change instanceof Insert<Item> insert) {
      try (PreparedStatement sql =
          connection.prepareStatement("INSERT INTO effect (id) VALUES (?)")) {
        sql.setInt(1, insert.after().id());
        sql.executeUpdate();
      }
    }
  }

  private CdcEngine.Builder builder(JdbcListener<Item> listener) {
    return CdcEngine.builder(config().build())
        .offsets(store())
        .listenEffectivelyOnce(ITEMS, listener);
  }

  private void assertOnce(int count) {
    assertThat(database.value("SELECT count(*) || ' ' || count(DISTINCT id) FROM effect"))
        .isEqualTo(count + " " + count);
  }

  @Test
  void aListenerThatFailsLaterLeavesNoEffectOfItsTransaction() throws Exception {
    CdcEngine engine =
        builder(
                (change, connection) -> {
                  book(change, connection);
                  if (calls.incrementAndGet() == 7) {
                    throw new IllegalStateException("the seventh");
                  }
                })
            .start();
    database.execute(
        "INSERT INTO item SELECT generate_series(1, 5)",
        "INSERT INTO item SELECT generate_series(6, 10)");
    assertThatThrownBy(engine::awaitStopped).isInstanceOf(CdcException.class);
    assertThat(database.value("SELECT count(*) FROM effect WHERE id > 5")).isEqualTo("0");
    awaitFreeSlot();
    try (CdcEngine again = builder(EffectivelyOnceIT::book).start()) {
      awaitProcessed(again);
      assertOnce(10);
    }
  }

  @Test
  void aConnectionThatBreaksInTheMiddleIsMadeGoodWithoutHelp() throws Exception {
    try (CdcEngine engine =
        builder(
                (change, connection) -> {
                  book(change, connection);
                  if (Set.of(10, 60, 90).contains(calls.incrementAndGet())) {
                    endBackendOf(connection);
                  }
                })
            .start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      for (int i = 101; i < 200; i++) {
        database.execute("INSERT INTO item VALUES (" + i + ")");
      }
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isPositive();
      assertOnce(99);
    }
  }

  private void endBackendOf(Connection connection) throws SQLException {
    int pid = connection.unwrap(org.postgresql.PGConnection.class).getBackendPID();
    database.execute("SELECT pg_terminate_backend(" + pid + ")");
  }

  @Test
  void theStreamMayBreakToo() throws Exception {
    try (CdcEngine engine = builder(EffectivelyOnceIT::book).start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      for (int i = 1; i <= 60; i++) {
        database.execute("INSERT INTO item VALUES (" + i + ")");
        if (i % 20 == 0) {
          Await.until("it streams", () -> engine.state() == EngineState.STREAMING);
          database.execute(
              "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = '"
                  + database.name()
                  + "'");
        }
      }
      awaitProcessed(engine);
      assertOnce(60);
    }
  }

  @Test
  void aSkippedChangeLeavesNoEffect() throws Exception {
    try (CdcEngine engine =
        builder(
                (change, connection) -> {
                  book(change, connection);
                  if (change instanceof Insert<Item> insert && insert.after().id() == 2) {
                    throw new IllegalStateException("not this one");
                  }
                })
            .onFailure(failure -> Action.skip())
            .start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute("INSERT INTO item SELECT generate_series(1, 3)");
      awaitProcessed(engine);
      assertOnce(2);
      assertThat(engine.status().skipped()).isEqualTo(1);
    }
  }

  @Test
  void anotherStoreIsRefusedAtTheStart() {
    assertThatThrownBy(
            () ->
                CdcEngine.builder(config().build())
                    .listenEffectivelyOnce(ITEMS, EffectivelyOnceIT::book)
                    .start())
        .isInstanceOf(CdcException.class)
        .hasMessageContaining("JdbcOffsetStore");
  }
}

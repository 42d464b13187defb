package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import io.waltap.testing.RecordingListener;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** A running engine that has to create its slot anew while somebody's transaction stays open. */
class SlotCreationWaitsIT extends ItemTable {

  private final RecordingListener<Item> listener = new RecordingListener<>();

  private CdcEngine start() throws InterruptedException {
    CdcConfig config =
        config()
            .snapshotMode(SnapshotMode.WHEN_NEEDED)
            .heartbeatInterval(Duration.ofMillis(200))
            .stopTimeout(Duration.ofSeconds(1))
            .build();
    CdcEngine engine = CdcEngine.builder(config).listen(ITEMS, listener).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  /** A connection with a transaction that has written. */
  private Connection openTransaction() throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_current_xact_id()");
    }
    return connection;
  }

  private void dropSlot() {
    String slot = "FROM pg_replication_slots WHERE slot_name = '" + database.name() + "'";
    Await.until(
        "the slot is dropped",
        () -> {
          database.execute("SELECT pg_terminate_backend(active_pid) " + slot);
          database.execute(
              "SELECT pg_drop_replication_slot(slot_name) " + slot + " AND NOT active");
          return database.value("SELECT count(*) " + slot).equals("0");
        });
  }

  private static void awaitReason(CdcEngine engine, Connection transaction) throws SQLException {
    int pid = transaction.unwrap(PGConnection.class).getBackendPID();
    Await.until(
        "the reason names the process " + pid,
        () -> String.valueOf(engine.status().reason()).contains("process " + pid + " "));
    assertThat(engine.state()).isEqualTo(EngineState.RECONNECTING);
  }

  @Test
  void waitsAsLongAsTheTransactionLasts() throws Exception {
    try (CdcEngine engine = start();
        Connection transaction = openTransaction()) {
      dropSlot();
      awaitReason(engine, transaction);
      database.execute("INSERT INTO item VALUES (1, 1, 'x')");
      transaction.commit();
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      assertThat(listener.await(1)).hasSize(1);
      assertThat(engine.status().reason()).isNull();
    }
  }

  @Test
  void canBeStoppedMeanwhile() throws Exception {
    CdcEngine engine = start();
    try (Connection transaction = openTransaction()) {
      dropSlot();
      awaitReason(engine, transaction);
      engine.close();
      assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
      Await.until(
          "nothing of it is left on the server",
          () ->
              database
                  .value(
                      "SELECT count(*) FROM pg_stat_activity WHERE application_name LIKE 'WalTap%'"
                          + " AND datname = current_database()")
                  .equals("0"));
      transaction.rollback();
    } finally {
      engine.close();
    }
  }
}

package io.waltap.internal.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.internal.connection.Connections;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What only a server with other settings shows. */
class PreflightServerIT {

  @Test
  void asksForLogicalLogAndRoom() throws SQLException {
    PostgresServer server =
        PostgresServer.embedded(
            Map.of("wal_level", "replica", "max_replication_slots", "1", "max_wal_senders", "1"));
    try (Stage stage = new Stage(server)) {
      Problem walLevel =
          new Problem(
              Code.WAL_LEVEL,
              "The server's wal_level is replica, not logical.",
              "ALTER SYSTEM SET wal_level = logical; then restart the server (a managed service"
                  + " has a parameter of its own for it).");
      assertThat(stage.problems("public.orders")).containsExactly(walLevel);

      stage.execute("SELECT pg_create_physical_replication_slot('other')");
      try (Connection sender = Connections.openReplication(stage.config().build())) {
        assertThat(sender.isClosed()).isFalse();
        assertThat(stage.problems("public.orders"))
            .containsExactly(
                walLevel,
                new Problem(
                    Code.NO_FREE_SLOT,
                    "There is no room for the replication slot "
                        + stage.name()
                        + ": the server allows 1 and has 1.",
                    "Drop a slot that nobody needs (SELECT slot_name, active FROM"
                        + " pg_replication_slots;), or ALTER SYSTEM SET max_replication_slots = 6;"
                        + " then restart the server."),
                new Problem(
                    Code.NO_FREE_WAL_SENDER,
                    "There is no free WAL sender: the server allows 1 and 1 are in use.",
                    "ALTER SYSTEM SET max_wal_senders = 6; then restart the server."));
      }
      stage.execute("SELECT pg_drop_replication_slot('other')");
      // They act at a restart, which this server will never see; here: they are valid.
      stage.execute(
          "ALTER SYSTEM SET wal_level = logical;",
          "ALTER SYSTEM SET max_replication_slots = 6;",
          "ALTER SYSTEM SET max_wal_senders = 6;");
    }
  }

  @Test
  void saysThatTheSlotLostItsLog() {
    Map<String, String> settings = new HashMap<>(PostgresServer.SETTINGS);
    settings.put("max_slot_wal_keep_size", "1MB");
    settings.put("min_wal_size", "32MB");
    settings.put("max_wal_size", "32MB");
    try (Stage stage = new Stage(PostgresServer.embedded(settings))) {
      String name = stage.name();
      stage.execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
      Await.until("the server gives the slot up", () -> lost(stage));

      ServerFacts.Slot slot =
          requireNonNull(requireNonNull(stage.run("public.orders").facts()).slot());
      assertThat(slot.walStatus()).isEqualTo("lost");
      stage.assertMendedThen(
          Code.SLOT_LOST,
          "The replication slot "
              + name
              + " was invalidated by the server (wal_removed): changes that were not read before"
              + " are lost to it.",
          "SELECT pg_drop_replication_slot('" + name + "');",
          " then delete the stored offset and start anew with a fresh snapshot.");
    }
  }

  @Test
  void warnsBeforeTheSlotLosesItsLog() {
    Map<String, String> settings = new HashMap<>(PostgresServer.SETTINGS);
    settings.put("min_wal_size", "32MB");
    settings.put("max_wal_size", "32MB");
    settings.put("checkpoint_timeout", "1h");
    try (Stage stage = new Stage(PostgresServer.embedded(settings))) {
      String name = stage.name();
      stage.execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
      stage.execute("ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'", "SELECT pg_reload_conf()");
      Await.until("the limit is passed", () -> status(stage, "unreserved"));

      Problem problem = stage.problems("public.orders").get(0);
      assertThat(problem.code()).isEqualTo(Code.SLOT_AT_RISK);
      assertThat(problem.what())
          .matches(
              "The replication slot "
                  + name
                  + " keeps \\d{7,} bytes of WAL, more than max_slot_wal_keep_size allows: .*");
      assertThat(problem.remedy())
          .endsWith("ALTER SYSTEM SET max_slot_wal_keep_size = -1; SELECT pg_reload_conf();");
      stage.execute("ALTER SYSTEM SET max_slot_wal_keep_size = -1", "SELECT pg_reload_conf()");
      Await.until("the slot is safe", () -> stage.problems("public.orders").isEmpty());

      Await.until("there is more than max_wal_size", () -> status(stage, "extended"));
      assertThat(stage.problems("public.orders"))
          .singleElement()
          .satisfies(
              p -> {
                assertThat(p.code()).isEqualTo(Code.SLOT_AT_RISK);
                assertThat(p.what()).endsWith(" bytes of WAL, more than max_wal_size.");
              });
      stage.execute("SELECT pg_replication_slot_advance('" + name + "', pg_current_wal_lsn())");
      assertThat(stage.problems("public.orders")).isEmpty();
    }
  }

  @Test
  void namesThePreparedTransactionThatANewSlotWouldWaitFor() {
    Map<String, String> settings = new HashMap<>(PostgresServer.SETTINGS);
    settings.put("max_prepared_transactions", "2");
    try (Stage stage = new Stage(PostgresServer.embedded(settings))) {
      stage.execute("BEGIN; INSERT INTO orders VALUES (1, 1); PREPARE TRANSACTION 'it''s open'");

      assertThat(stage.problems("public.orders"))
          .containsExactly(
              new Problem(
                  Code.SLOT_CREATION_WAITS,
                  "The prepared transaction 'it's open' in the database "
                      + stage.name()
                      + " is open: the replication slot cannot be created before it ends.",
                  "There, COMMIT PREPARED or ROLLBACK PREPARED 'it''s open';"));
      stage.execute("ROLLBACK PREPARED 'it''s open'");
      assertThat(stage.problems("public.orders")).isEmpty();
    }
  }

  private static boolean lost(Stage stage) {
    stage.execute("CHECKPOINT");
    return status(stage, "lost");
  }

  private static boolean status(Stage stage, String status) {
    stage.execute("INSERT INTO orders VALUES (1) ON CONFLICT (id) DO UPDATE SET amount = 1");
    stage.execute("SELECT pg_switch_wal()");
    return status.equals(
        stage
            .database()
            .value(
                "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '"
                    + stage.name()
                    + "'"));
  }
}

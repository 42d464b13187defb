package io.waltap.internal.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.internal.connection.Connections;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** Role, slot, publication, and what is told when all is well. */
class PreflightIT {

  private final Stage stage = new Stage();
  private final String name = stage.name();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void findsNothingWrongWithWhatIsRight() {
    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void tellsTheServersIdentityAndVersion() {
    ServerFacts facts = requireNonNull(stage.run("public.orders").facts());

    assertThat(facts.systemIdentifier())
        .isEqualTo(stage.database().value("SELECT system_identifier FROM pg_control_system()"));
    assertThat(facts.serverVersion())
        .hasToString(
            stage.database().value("SELECT current_setting('server_version_num')::int / 10000"));
    assertThat(facts.slot()).isNull();
  }

  @Test
  void tellsWhereTheSlotStands() {
    String confirmed = createSlot(name);

    assertThat(stage.problems("public.orders")).isEmpty();
    ServerFacts facts = requireNonNull(stage.run("public.orders").facts());
    ServerFacts.Slot slot = requireNonNull(facts.slot());
    assertThat(slot.confirmedFlush()).isEqualTo(Lsn.parse(confirmed));
    assertThat(slot.restart()).isLessThanOrEqualTo(Lsn.parse(confirmed));
    assertThat(slot.walStatus()).isEqualTo("reserved");
    assertThat(slot.active()).isFalse();
    assertThat(slot.activePid()).isNull();
  }

  @Test
  void leavesNothingBehind() {
    stage.problems("public.orders");

    assertThat(stage.database().column("SELECT slot_name FROM pg_replication_slots"))
        .doesNotContain(name);
    Await.until(
        "its connection is gone",
        () ->
            stage
                .database()
                .column("SELECT pid FROM pg_stat_activity WHERE usename = '" + name + "'")
                .isEmpty());
  }

  @Test
  void reportsAllProblemsAtOnce() {
    stage.execute(
        "ALTER ROLE " + name + " NOREPLICATION",
        "DROP PUBLICATION " + name,
        "REVOKE SELECT ON orders FROM " + name,
        "ALTER TABLE orders DROP CONSTRAINT orders_pkey");

    assertThat(stage.problems("public.orders", "public.none"))
        .extracting(Problem::what)
        .containsExactly(
            "The role " + name + " may not replicate.",
            "The publication " + name + " does not exist.",
            "The table public.none does not exist.",
            "The table public.orders has neither a primary key nor another replica identity, so"
                + " that the server would refuse every UPDATE and DELETE of it.",
            "The role " + name + " may not read public.orders for the snapshot.");
  }

  @Test
  void staysQuickWithManyTables() {
    String[] tables = new String[100];
    for (int i = 0; i < tables.length; i++) {
      tables[i] = "public.t" + i;
      stage.execute("CREATE TABLE t" + i + " (id int PRIMARY KEY)");
    }
    stage.execute(
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + name,
        "ALTER PUBLICATION " + name + " ADD TABLE " + String.join(", ", tables));
    stage.problems(tables);
    long start = System.nanoTime();

    assertThat(stage.problems(tables)).isEmpty();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
  }

  @Test
  void refusesRoleWithoutReplication() {
    stage.execute("ALTER ROLE " + name + " NOREPLICATION");

    stage.assertMended(
        Code.NO_REPLICATION_RIGHT,
        "The role " + name + " may not replicate.",
        "ALTER ROLE " + name + " WITH REPLICATION;",
        "public.orders");
  }

  @Test
  void takesSuperuserWithoutReplication() {
    stage.execute("ALTER ROLE " + name + " NOREPLICATION SUPERUSER");

    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void refusesDatabaseThatIsNotUtf8() {
    String latin = name + "latin";
    stage.execute("CREATE DATABASE " + latin + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    try {
      CdcConfig config = stage.config().url(stage.database().url().replace(name, latin)).build();

      assertThat(Preflight.run(config, List.of()).problems())
          .contains(
              new Problem(
                  Code.SERVER_ENCODING,
                  "The database " + latin + " is encoded in LATIN1, not UTF8.",
                  "Move the data to a database made with CREATE DATABASE ... ENCODING 'UTF8'"
                      + " TEMPLATE template0;"));
    } finally {
      stage.execute("DROP DATABASE " + latin + " WITH (FORCE)");
    }
  }

  @Test
  void asksForMissingPublication() {
    stage.execute("DROP PUBLICATION " + name);

    stage.assertMended(
        Code.PUBLICATION_MISSING,
        "The publication " + name + " does not exist.",
        "CREATE PUBLICATION " + name + " FOR TABLE public.orders;",
        "public.orders");
  }

  @Test
  void tellsWhatMissingPublicationMeansForSlotThatExists() {
    createSlot(name);
    stage.execute("DROP PUBLICATION " + name);

    assertThat(stage.problems("public.orders"))
        .containsExactly(
            new Problem(
                Code.PUBLICATION_MISSING,
                "The publication "
                    + name
                    + " does not exist, although the replication slot "
                    + name
                    + " does: changes made without the publication cannot be read any more.",
                "CREATE PUBLICATION "
                    + name
                    + " FOR TABLE public.orders; then SELECT pg_drop_replication_slot('"
                    + name
                    + "'); then delete the stored offset and start anew with a fresh snapshot."));
  }

  @Test
  void asksForTablesThatThePublicationLacks() {
    stage.execute(
        "CREATE TABLE \"Odd Name\" (id int PRIMARY KEY)",
        "CREATE TABLE \"user\" (id int PRIMARY KEY)",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + name);

    stage.assertMended(
        Code.TABLE_NOT_PUBLISHED,
        "The publication " + name + " does not contain public.Odd Name and public.user.",
        "ALTER PUBLICATION " + name + " ADD TABLE public.\"Odd Name\", public.\"user\";",
        "public.orders",
        "public.Odd Name",
        "public.user");
  }

  @Test
  void tellsOnceWhatIsWrongWithTableThatIsListenedToTwice() {
    stage.execute("ALTER PUBLICATION " + name + " DROP TABLE orders");

    stage.assertMended(
        Code.TABLE_NOT_PUBLISHED,
        "The publication " + name + " does not contain public.orders.",
        "ALTER PUBLICATION " + name + " ADD TABLE public.orders;",
        "public.orders",
        "public.orders");
  }

  @Test
  void takesPublicationForAllTables() {
    stage.execute("DROP PUBLICATION " + name, "CREATE PUBLICATION " + name + " FOR ALL TABLES");

    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void asksForOperationsThatThePublicationOmits() {
    stage.execute("ALTER PUBLICATION " + name + " SET (publish = 'insert, update')");

    stage.assertMended(
        Code.OPERATION_NOT_PUBLISHED,
        "The publication " + name + " does not publish delete and truncate.",
        "ALTER PUBLICATION " + name + " SET (publish = 'insert, update, delete, truncate');",
        "public.orders");
  }

  @Test
  void refusesSlotOfAnotherKind() {
    stage.execute("SELECT pg_create_physical_replication_slot('" + name + "')");
    try {
      stage.assertMendedBy(
          Code.SLOT_OF_ANOTHER_KIND,
          "The replication slot " + name + " is physical, not logical.",
          "Configure another slot name, or, if nobody needs this slot, ",
          "SELECT pg_drop_replication_slot('" + name + "');");
    } finally {
      stage.execute(
          "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_name = '"
              + name
              + "'");
    }
  }

  @Test
  void refusesSlotOfAnotherPlugin() {
    stage.execute("SELECT pg_create_logical_replication_slot('" + name + "', 'test_decoding')");

    stage.assertMendedBy(
        Code.SLOT_OF_ANOTHER_KIND,
        "The replication slot " + name + " decodes with test_decoding, not with pgoutput.",
        "Configure another slot name, or, if nobody needs this slot, ",
        "SELECT pg_drop_replication_slot('" + name + "');");
  }

  @Test
  void refusesSlotOfAnotherDatabase() {
    try (Stage other = new Stage()) {
      createSlot(name);
      CdcConfig config = other.config().slot(name).build();

      assertThat(Preflight.run(config, List.of()).problems())
          .containsExactly(
              new Problem(
                  Code.SLOT_OF_ANOTHER_DATABASE,
                  "The replication slot " + name + " belongs to another database, " + name + ".",
                  "Configure another slot name, or, if nobody needs this slot, SELECT"
                      + " pg_drop_replication_slot('"
                      + name
                      + "');"));
    }
  }

  @Test
  void namesWhoHoldsTheSlot() throws SQLException {
    createSlot(name);
    CdcConfig holder = stage.config().name("the-other-one").build();
    try (Connection connection = Connections.openReplication(holder)) {
      stream(connection);
      String pid =
          stage
              .database()
              .value(
                  "SELECT active_pid FROM pg_replication_slots WHERE slot_name = '" + name + "'");

      List<Problem> problems = stage.problems("public.orders");

      assertThat(problems).hasSize(1);
      assertThat(problems.get(0).what())
          .matches(
              "The replication slot "
                  + name
                  + " is in use by the server's process "
                  + pid
                  + " for the application 'WalTap the-other-one' at \\S+\\.");
      assertThat(problems.get(0).remedy())
          .isEqualTo(
              "Stop that process, configure another slot name, or SELECT pg_terminate_backend("
                  + pid
                  + ");");
      stage.execute("SELECT pg_terminate_backend(" + pid + ")");
      assertThat(stage.problems("public.orders")).isEmpty();
    }
  }

  @Test
  void saysWhatBlocksIt() throws SQLException {
    try (Connection blocker = stage.database().connect()) {
      blocker.setAutoCommit(false);
      blocker.createStatement().execute("LOCK TABLE pg_publication IN ACCESS EXCLUSIVE MODE");
      long start = System.nanoTime();

      Preflight.Result result =
          Preflight.run(
              stage.config().build(),
              List.of(Table.of("public.orders")),
              false,
              Duration.ofSeconds(1));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(result.facts()).isNull();
      assertThat(result.problems()).hasSize(1);
      assertThat(result.problems().get(0).what())
          .startsWith("The server did not answer a question about its catalogs: ");
      assertThat(result.problems().get(0).remedy())
          .isEqualTo(
              "Look for what blocks it: SELECT pid, query FROM pg_stat_activity WHERE"
                  + " cardinality(pg_blocking_pids(pid)) > 0;");
    }
  }

  @Test
  void needsNoPrivilegeOnTablesWithoutSnapshot() {
    stage.execute("REVOKE SELECT ON orders FROM " + name);
    CdcConfig config = stage.config().snapshotMode(SnapshotMode.NEVER).build();

    assertThat(Preflight.run(config, List.of(Table.of("public.orders"))).problems()).isEmpty();
  }

  /** Creates a slot and says where it stands. */
  private String createSlot(String slot) {
    String lsn =
        stage
            .database()
            .value(
                "SELECT lsn FROM pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    return requireNonNull(lsn);
  }

  private void stream(Connection connection) throws SQLException {
    connection
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(name)
        .withSlotOption("proto_version", 1)
        .withSlotOption("publication_names", name)
        .start();
  }
}

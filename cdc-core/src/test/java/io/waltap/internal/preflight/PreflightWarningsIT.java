package io.waltap.internal.preflight;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.internal.connection.Connections;
import io.waltap.internal.preflight.SettingsCheck.Settings;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What does not keep an engine from starting, or only later, and is said all the same. */
class PreflightWarningsIT {

  private final Stage stage = new Stage();
  private final String name = stage.name();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void tellsOnceForAllTablesWhatUpdatesLeaveOut() {
    stage.execute(
        "CREATE TABLE notes (id text PRIMARY KEY, short varchar(500), long varchar(501), body text,"
            + " photo bytea, inline text, twice text GENERATED ALWAYS AS (body || body) STORED)",
        "ALTER TABLE notes ALTER inline SET STORAGE PLAIN",
        "CREATE TABLE whole (id int PRIMARY KEY, body text)",
        "ALTER TABLE whole REPLICA IDENTITY FULL",
        "ALTER TABLE orders ADD note text");
    publish("notes", "whole");

    stage.assertMended(
        Code.TOAST_UNCHANGED,
        "An update that leaves a large value alone does not send it; this concerns public.orders"
            + " (note) and public.notes (id, long, body, photo).",
        "ALTER TABLE public.orders REPLICA IDENTITY FULL; ALTER TABLE public.notes REPLICA IDENTITY"
            + " FULL;",
        "public.orders",
        "public.notes",
        "public.whole");
  }

  @Test
  void mendsThePartitionsAndNotTheirRoot() {
    stage.execute(
        "CREATE TABLE events (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)",
        "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (1) TO (100)",
        "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (100) TO (200)",
        "ALTER TABLE events_1 REPLICA IDENTITY FULL",
        "ALTER PUBLICATION " + name + " SET (publish_via_partition_root = true)");
    publish("events");

    stage.assertMended(
        Code.TOAST_UNCHANGED,
        "An update that leaves a large value alone does not send it; this concerns public.events"
            + " (body).",
        "ALTER TABLE public.events_2 REPLICA IDENTITY FULL;",
        "public.events");
  }

  @Test
  void asksForTheRightToEmitMessages() {
    String function =
        stage
            .database()
            .value(
                "SELECT oid::regprocedure FROM pg_proc WHERE proname = 'pg_logical_emit_message'"
                    + " AND proargtypes[2] = 'text'::regtype");
    stage.execute("REVOKE EXECUTE ON FUNCTION " + function + " FROM PUBLIC");

    stage.assertMended(
        Code.NO_MESSAGE_RIGHT,
        "The role " + name + " may not call pg_logical_emit_message, which the heartbeat needs.",
        "GRANT EXECUTE ON FUNCTION pg_catalog." + function + " TO " + name + ";",
        "public.orders");
  }

  @Test
  void asksForAnEndOfBrokenConnections() {
    stage.execute("ALTER ROLE " + name + " SET wal_sender_timeout = 0");

    stage.assertMended(
        Code.WAL_SENDER_TIMEOUT,
        "The server's wal_sender_timeout is 0: after a connection broke, the slot would stay in use"
            + " until the server hears of it.",
        "ALTER ROLE " + name + " SET wal_sender_timeout = '60s';",
        "public.orders");
  }

  @Test
  void asksForAsManyConnectionsAsAnEngineNeeds() {
    stage.execute("ALTER ROLE " + name + " CONNECTION LIMIT 1");

    stage.assertMended(
        Code.CONNECTION_LIMIT,
        "The role "
            + name
            + " may have 1 connections and has 0 others; an engine needs up to "
            + (Room.CONNECTIONS + 1)
            + " at once.",
        "ALTER ROLE " + name + " CONNECTION LIMIT " + (Room.CONNECTIONS + 1 + 5) + ";",
        "public.orders");
  }

  @Test
  void namesTheTransactionThatANewSlotWouldWaitFor() throws SQLException {
    try (Connection writer = stage.database().connect()) {
      writer.setClientInfo("ApplicationName", "nightly");
      writer.setAutoCommit(false);
      writer.createStatement().execute("INSERT INTO orders VALUES (1, 1)");
      String pid =
          stage
              .database()
              .value("SELECT pid FROM pg_stat_activity WHERE application_name = 'nightly'");

      List<Problem> problems = stage.problems("public.orders");

      assertThat(problems)
          .containsExactly(
              new Problem(
                  Code.SLOT_CREATION_WAITS,
                  "A transaction of the server's process "
                      + pid
                      + " for the application 'nightly' in the database "
                      + name
                      + " is open: the replication slot cannot be created before it ends.",
                  "Let it end, or SELECT pg_terminate_backend(" + pid + ");"));
      stage.execute("SELECT pg_terminate_backend(" + pid + ")");
      assertThat(stage.problems("public.orders")).isEmpty();
    }
  }

  @Test
  void leavesTransactionsAloneOnceThereIsASlot() throws SQLException {
    stage.execute("SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput')");
    try (Connection writer = stage.database().connect()) {
      writer.setAutoCommit(false);
      writer.createStatement().execute("INSERT INTO orders VALUES (1, 1)");

      assertThat(stage.problems("public.orders")).isEmpty();
    }
  }

  @Test
  void refusesSlotThatDecodesPreparedTransactions() {
    stage.execute(
        "SELECT pg_create_logical_replication_slot('" + name + "', 'pgoutput', false, true)");

    stage.assertMendedBy(
        Code.SLOT_OF_ANOTHER_KIND,
        "The replication slot "
            + name
            + " decodes prepared transactions before they are committed (two_phase).",
        "Configure another slot name, or, if nobody needs this slot, ",
        "SELECT pg_drop_replication_slot('" + name + "');");
  }

  /** As if a pooler had not passed them on: this connection is made without asking for any. */
  @Test
  void noticesThatSessionSettingsWereDropped() throws SQLException {
    stage.execute(
        "ALTER ROLE " + name + " SET bytea_output = 'escape'",
        "ALTER ROLE " + name + " SET IntervalStyle = 'sql_standard'");
    List<Problem> problems = problemsOfPlainSession();
    String sentence = "The session's %s is %s, although %s was asked for: something between here";

    assertThat(problems).extracting(Problem::code).containsOnly(Code.SESSION_SETTINGS);
    assertThat(problems)
        .extracting(Problem::what)
        .anySatisfy(
            w -> assertThat(w).startsWith(sentence.formatted("bytea_output", "escape", "hex")))
        .anySatisfy(
            w ->
                assertThat(w)
                    .startsWith(sentence.formatted("IntervalStyle", "sql_standard", "postgres")));
    problems.forEach(problem -> stage.execute(problem.remedy()));
    assertThat(problemsOfPlainSession()).isEmpty();
  }

  private List<Problem> problemsOfPlainSession() throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(stage.database().url(), name, "right")) {
      // The driver asks for the JVM's zone, which outranks the role's.
      connection.createStatement().execute("SET TimeZone TO 'UTC'");
      return SettingsCheck.problems(settings(connection), name);
    }
  }

  @Test
  void connectionsOfAnEngineHaveTheSettingsThatAreChecked() throws SQLException {
    try (Connection connection = Connections.open(stage.config().build())) {
      assertThat(SettingsCheck.problems(settings(connection), name)).isEmpty();
      assertThat(settings(connection).session()).containsEntry("bytea_output", "hex").hasSize(6);
    }
  }

  private static Settings settings(Connection connection) throws SQLException {
    return SettingsCheck.read(new Catalog(connection, System.nanoTime() + 10_000_000_000L));
  }

  @Test
  void seesThatItsOwnRemedyForLargeValuesWouldHurt() throws SQLException {
    columnLists();
    stage.execute(
        "ALTER TABLE orders ADD note text, ADD secret text",
        "ALTER PUBLICATION " + name + " SET TABLE orders (id, note)");

    assertThat(stage.problems("public.orders"))
        .extracting(Problem::remedy)
        .containsExactly("Declare components as Column, which tells unchanged from null.");

    stage.execute("ALTER TABLE orders REPLICA IDENTITY FULL");
    stage.assertMended(
        Code.REPLICA_IDENTITY_NOT_PUBLISHED,
        "The publication "
            + name
            + " leaves out of public.orders columns of its replica identity (amount, secret), so"
            + " that the server would refuse every UPDATE and DELETE of it.",
        "ALTER PUBLICATION "
            + name
            + " DROP TABLE public.orders; ALTER PUBLICATION "
            + name
            + " ADD TABLE public.orders;",
        "public.orders");
  }

  @Test
  void showsWhatIsPublishedOfATable() throws SQLException {
    columnLists();
    stage.execute("ALTER PUBLICATION " + name + " SET TABLE orders (id) WHERE (id > 5)");

    assertThat(requireNonNull(stage.run("public.orders").seen()).tables())
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.key()).containsExactly("id");
              assertThat(table.replicaIdentity()).isEqualTo("default");
              assertThat(table.rowFilter()).isEqualTo("(id > 5)");
              assertThat(table.unpublished()).containsExactly("amount");
              assertThat(table.readable()).isTrue();
            });
  }

  private void columnLists() throws SQLException {
    Assumptions.assumeTrue(
        stage.database().connection().getMetaData().getDatabaseMajorVersion() >= 15,
        "publications have column lists from version 15 on");
  }

  private void publish(String... tables) {
    for (String table : tables) {
      stage.execute(
          "GRANT SELECT ON " + table + " TO " + name,
          "ALTER PUBLICATION " + name + " ADD TABLE " + table);
    }
  }
}

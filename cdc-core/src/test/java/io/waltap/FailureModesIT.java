package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.SlotStatus;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.PasswordServer;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;
import org.postgresql.replication.PGReplicationStream;

/** What a running engine shows when something happens to its server, and that nothing is lost. */
class FailureModesIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final PostgresServer SERVER = PasswordServer.start(settings());

  @TempDir private Path folder;
  private final RecordingListener<Row> listener = new RecordingListener<>();
  private final List<EngineState> states = new CopyOnWriteArrayList<>();
  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);
  private TestDatabase database;
  private String role = "";

  private static Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>(PostgresServer.SETTINGS);
    settings.put("max_slot_wal_keep_size", "32MB");
    settings.put("max_wal_size", "64MB");
    return settings;
  }

  @BeforeEach
  void createTable() {
    database = TestDatabase.createOn(SERVER);
    role = database.name();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)",
        "CREATE TABLE filler (text text)",
        "CREATE PUBLICATION waltap FOR TABLE item",
        "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'first'");
  }

  @AfterEach
  void drop() {
    proceed.countDown();
    database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    database.close();
  }

  private CdcConfig.Builder config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(role)
        .password("first")
        .slot(database.name())
        .snapshotMode(SnapshotMode.NEVER)
        .heartbeatInterval(Duration.ofMillis(200))
        .offsetFile(folder.resolve("offset"));
  }

  private CdcEngine start(CdcConfig config, ChangeListener<Row> listener)
      throws InterruptedException {
    CdcEngine engine =
        CdcEngine.builder(config)
            .listen(Table.of("public.item"), listener)
            .onState((from, to, failure) -> states.add(to))
            .start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  /** Accepts a change only when the test says so. */
  private void hold(io.waltap.event.ChangeEvent<Row> change) throws Exception {
    inside.countDown();
    proceed.await();
    listener.onChange(change);
  }

  private String slot(String column) {
    return database.value(
        "SELECT "
            + column
            + " FROM pg_replication_slots WHERE slot_name = '"
            + database.name()
            + "'");
  }

  private void endWalSender() {
    database.execute("SELECT pg_terminate_backend(" + slot("active_pid") + ")");
  }

  private void awaitState(CdcEngine engine, EngineState state) {
    Await.until("the engine is " + state, () -> engine.state() == state);
  }

  private void awaitProcessed(CdcEngine engine) throws InterruptedException {
    Lsn now = Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
    assertThat(engine.awaitProcessed(now, SOON)).isTrue();
  }

  private List<Integer> delivered() {
    return listener.events().stream()
        .map(event -> ((Insert<Row>) event).after().getInteger("id"))
        .toList();
  }

  /** It ends by itself, soon, with one code and a remedy. */
  private static void assertFails(CdcEngine engine, Code code) {
    Await.until("the engine has failed", () -> engine.state() == EngineState.FAILED);
    CdcException failure = catchThrowableOfType(CdcException.class, engine::awaitStopped);
    assertThat(failure.problems()).extracting(Problem::code).containsExactly(code);
    assertThat(failure.problems().get(0).remedy()).isNotBlank();
    assertThat(engine.status().reason()).contains(code.name());
  }

  @Test
  void aSlotThatTheServerGaveUp() throws Exception {
    CdcEngine engine = start(config().build(), this::hold);
    database.execute("INSERT INTO item VALUES (1)");
    inside.await();
    Lsn before = engine.status().processed();
    loseSlot();
    awaitState(engine, EngineState.RECONNECTING);
    proceed.countDown();
    assertFails(engine, Code.SLOT_LOST);
    assertThat(engine.status().processed()).isEqualTo(before);
  }

  @Test
  void aSlotThatTheServerGaveUpIsReplacedIfThatIsAskedFor() throws Exception {
    database.execute("GRANT SELECT ON item TO " + role);
    CdcConfig config = config().snapshotMode(SnapshotMode.WHEN_NEEDED).build();
    try (CdcEngine engine = start(config, this::hold)) {
      database.execute("INSERT INTO item VALUES (1)");
      inside.await();
      loseSlot();
      database.execute("INSERT INTO item VALUES (2)");
      awaitState(engine, EngineState.RECONNECTING);
      proceed.countDown();
      awaitState(engine, EngineState.STREAMING);
      database.execute("INSERT INTO item VALUES (3)");
      awaitProcessed(engine);
    }
    assertThat(listener.events())
        .hasExactlyElementsOfTypes(Insert.class, Read.class, Read.class, Insert.class);
    assertThat(states)
        .containsSubsequence(
            EngineState.RECONNECTING, EngineState.SNAPSHOTTING, EngineState.STREAMING);
  }

  private void loseSlot() {
    Await.until(
        "the slot is lost",
        () -> {
          database.execute(
              "INSERT INTO filler SELECT repeat(md5(i::text), 100) FROM generate_series(1, 5000) i",
              "SELECT pg_switch_wal()",
              "CHECKPOINT");
          return slot("wal_status").equals("lost");
        });
  }

  @Test
  void aSlotThatAnotherProcessTookMeanwhile() throws Exception {
    try (CdcEngine engine = start(config().build(), this::hold)) {
      database.execute("INSERT INTO item VALUES (1)");
      inside.await();
      endWalSender();
      awaitState(engine, EngineState.RECONNECTING);
      try (Connection other = replication()) {
        PGReplicationStream stream = open(other);
        proceed.countDown();
        Await.until("the holder is named", () -> reason(engine).contains("application 'intruder'"));
        assertThat(reason(engine)).contains(slot("active_pid")).contains("SLOT_IN_USE");
        assertThat(engine.state()).isEqualTo(EngineState.RECONNECTING);
        stream.close();
      }
      awaitState(engine, EngineState.STREAMING);
      database.execute("INSERT INTO item VALUES (2)");
      awaitProcessed(engine);
    }
    assertThat(delivered()).containsExactly(1, 2);
  }

  private static String reason(CdcEngine engine) {
    return String.valueOf(engine.status().reason());
  }

  private Connection replication() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", database.user());
    properties.setProperty("password", database.password());
    properties.setProperty("replication", "database");
    properties.setProperty("preferQueryMode", "simple");
    properties.setProperty("assumeMinServerVersion", "14");
    properties.setProperty("ApplicationName", "intruder");
    return DriverManager.getConnection(database.url(), properties);
  }

  private PGReplicationStream open(Connection connection) throws SQLException {
    Await.until("the slot is free", () -> slot("active").equals("f"));
    return connection
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(database.name())
        .withAutomaticFlush(false)
        .withSlotOption("proto_version", 1)
        .withSlotOption("publication_names", "waltap")
        .start();
  }

  @Test
  void aPasswordThatWasChanged() throws Exception {
    CdcEngine engine = start(config().build(), listener);
    database.execute("ALTER ROLE " + role + " PASSWORD 'second'");
    endWalSender();
    assertFails(engine, Code.PASSWORD_REFUSED);
  }

  @Test
  void aRoleThatMayNotReplicateAnyMore() throws Exception {
    CdcEngine engine = start(config().build(), listener);
    database.execute("ALTER ROLE " + role + " NOREPLICATION");
    endWalSender();
    assertFails(engine, Code.NO_REPLICATION_RIGHT);
  }

  @Test
  void aTableThatIsNotPublishedAnyMore() throws Exception {
    CdcEngine engine = start(config().build(), listener);
    database.execute("ALTER PUBLICATION waltap DROP TABLE item");
    endWalSender();
    assertFails(engine, Code.TABLE_NOT_PUBLISHED);
  }

  /** The connection is there, and nothing comes: as behind a firewall that forgot it. */
  @Test
  void aStreamThatFallsSilent() throws Exception {
    try (CdcEngine engine = start(config().build(), listener)) {
      String sender = slot("active_pid");
      signal("STOP", sender);
      try {
        database.execute("INSERT INTO item VALUES (1)");
        awaitState(engine, EngineState.RECONNECTING);
        assertThat(reason(engine)).isNotEqualTo("null");
      } finally {
        signal("CONT", sender);
      }
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isPositive();
    }
    assertThat(delivered()).containsExactly(1);
  }

  private static void signal(String name, String process) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder("kill", "-" + name, process).start().waitFor()).isZero();
  }

  @Test
  void aSlotOfAnIdleDatabaseMovesWhileAnotherOneIsBusy() throws Exception {
    try (CdcEngine engine = start(config().build(), listener);
        TestDatabase busy = TestDatabase.createOn(SERVER)) {
      busy.execute("CREATE TABLE filler AS SELECT i FROM generate_series(1, 10000) i");
      Lsn written = Lsn.parse(busy.value("SELECT pg_current_wal_lsn()"));
      Await.until(
          "the slot has moved",
          () -> Lsn.parse(slot("confirmed_flush_lsn")).compareTo(written) >= 0);
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
    }
  }

  @Test
  void heartbeatsThatTheServerRefuses() throws Exception {
    revokeMessages();
    try (CdcEngine engine = start(config().build(), listener)) {
      Await.until("the slot is looked at", () -> engine.status().slot() != null);
      database.execute("INSERT INTO item VALUES (1)");
      awaitProcessed(engine);
      assertThat(engine.status().lag()).isNull();
      assertThat(engine.status().reconnects()).isZero();
    }
  }

  @Test
  void aTableCarriesHeartbeatsInstead() throws Exception {
    revokeMessages();
    database.execute(
        "CREATE TABLE heartbeat (engine text PRIMARY KEY, beat bigint NOT NULL)",
        "ALTER PUBLICATION waltap ADD TABLE heartbeat",
        "GRANT SELECT, INSERT, UPDATE ON heartbeat TO " + role);
    RecordingListener<Row> everything = new RecordingListener<>();
    CdcConfig config = config().heartbeatTable("public.heartbeat").build();
    try (CdcEngine engine = CdcEngine.builder(config).listenAll(everything).start()) {
      Await.until("heartbeats come round", () -> engine.status().lag() != null);
      database.execute("INSERT INTO item VALUES (1)");
      awaitProcessed(engine);
    }
    assertThat(database.value("SELECT engine FROM heartbeat")).isEqualTo(database.name());
    assertThat(everything.events()).extracting(e -> e.table().name()).containsOnly("item");
  }

  private void revokeMessages() {
    String parameters =
        database.value("SHOW server_version_num").compareTo("170000") < 0
            ? "(boolean, text, text)"
            : "(boolean, text, text, boolean)";
    database.execute(
        "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_logical_emit_message"
            + parameters
            + " FROM PUBLIC");
  }

  @Test
  void aSlotThatHoldsUpMuchOfTheLog() throws Exception {
    List<Integer> shares = new CopyOnWriteArrayList<>();
    List<SlotStatus> seen = new CopyOnWriteArrayList<>();
    CdcEngine engine =
        CdcEngine.builder(config().walBudget(4_000_000).build())
            .listen(Table.of("public.item"), this::hold)
            .onRetainedWal(
                (slot, percent) -> {
                  shares.add(percent);
                  seen.add(slot);
                })
            .start();
    try (engine) {
      database.execute("INSERT INTO item VALUES (1)");
      inside.await();
      Await.until(
          "it is told",
          () -> {
            database.execute(
                "INSERT INTO filler SELECT repeat(md5(i::text), 10) FROM generate_series(1, 300) i");
            return shares.contains(80);
          });
      assertThat(shares).isIn(List.of(50, 80), List.of(80));
      assertThat(seen.get(0).retainedBytes()).isGreaterThanOrEqualTo(2_000_000);
      assertThat(seen.get(0).safeBytes()).isPositive();
      proceed.countDown();
    }
  }
}

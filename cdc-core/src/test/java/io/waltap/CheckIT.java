package io.waltap;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.offset.FileOffsetStore;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import io.waltap.preflight.PreflightFacts;
import io.waltap.preflight.PreflightReport;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A look at everything that starts nothing. */
class CheckIT {

  @TempDir private Path folder;
  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, note text)",
        "CREATE PUBLICATION waltap FOR TABLE item");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private CdcConfig.Builder config() {
    return Capturing.config(database).offsetFile(folder.resolve("offset"));
  }

  private CdcEngine.Builder builder(CdcConfig config) {
    return CdcEngine.builder(config).listen(Table.of("public.item"), new RecordingListener<>());
  }

  private static List<Code> codes(PreflightReport report) {
    return report.problems().stream().map(Problem::code).toList();
  }

  @Test
  void leavesNothingBehind() throws IOException {
    PreflightReport report = CdcEngine.check(config().build());

    assertThat(report.canStart()).as(report.toString()).isTrue();
    assertThat(database.column("SELECT slot_name FROM pg_replication_slots"))
        .doesNotContain(database.name());
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void showsWhatWasSeen() {
    database.execute("ALTER TABLE item REPLICA IDENTITY FULL");

    PreflightReport report = CdcEngine.check(config().build());

    assertThat(report.problems()).isEmpty();
    assertThat(report.isClean()).isTrue();
    PreflightFacts facts = requireNonNull(report.facts());
    assertThat(facts.server().version()).isEqualTo(database.value("SHOW server_version"));
    assertThat(facts.server().walLevel()).isEqualTo("logical");
    assertThat(facts.server().slots().allowed()).isPositive();
    assertThat(facts.role().name()).isEqualTo(database.user());
    assertThat(facts.role().superuser()).isTrue();
    assertThat(facts.slot()).isNull();
    assertThat(requireNonNull(facts.publication()).operations())
        .containsExactly("insert", "update", "delete", "truncate");
    assertThat(report.toString())
        .startsWith("WalTap can start: no errors, no warnings.\n")
        .contains("PostgreSQL " + facts.server().version() + ", a primary, system identifier ")
        .contains("wal_level    logical\n")
        .contains("publication  waltap, insert, update, delete, truncate of 1 table\n")
        .contains("slot         does not exist; the first start creates it\n")
        .contains("bytea_output hex")
        .contains(
            "table        public.item, replica identity full, key (id), large values in (note), readable");
  }

  @Test
  void tellsErrorsAndWarningsAtOnceAndWhatTheyMean() {
    database.execute("ALTER TABLE item DROP CONSTRAINT item_pkey");
    database.execute(
        "SELECT pg_create_logical_replication_slot('" + database.name() + "', 'pgoutput')");

    PreflightReport report = CdcEngine.check(config().build());

    assertThat(codes(report))
        .containsExactlyInAnyOrder(
            Code.REPLICA_IDENTITY, Code.TOAST_UNCHANGED, Code.POSITION_MISSING);
    assertThat(report.errors()).hasSize(2);
    assertThat(report.warnings()).hasSize(1);
    assertThat(report.canStart()).isFalse();
    assertThat(report.toString())
        .startsWith(
            "WalTap cannot start: 2 errors, 1 warning.\n\nErrors\n  The table public.item has")
        .contains("[POSITION_MISSING]\n    → Give the engine the offset store")
        .contains("\nWarnings\n  An update that leaves a large value alone")
        .contains("free, wal_status reserved, keeps ");
    CdcException refused = refused(config().build());
    assertThat(refused.problems()).isEqualTo(report.errors());
  }

  @Test
  void saysWhyThereIsNoConnection() {
    PreflightReport report =
        CdcEngine.check(config().url("jdbc:postgresql://localhost:1/db").build());

    assertThat(codes(report)).containsExactly(Code.SERVER_UNREACHABLE);
    assertThat(report.facts()).isNull();
    assertThat(report.toString())
        .startsWith("WalTap cannot start: 1 error, no warnings.\n\nErrors\n  Nothing accepts")
        .doesNotContain("What was seen");
  }

  @Test
  void readsThePositionWithoutTakingTheStore() throws Exception {
    CdcConfig config = config().build();
    try (CdcEngine engine = builder(config).start()) {
      Capturing.catchUp(engine, database);
      PreflightReport report = CdcEngine.check(config);
      assertThat(codes(report)).containsExactly(Code.SLOT_IN_USE, Code.TOAST_UNCHANGED);
      assertThat(requireNonNull(requireNonNull(report.facts()).slot()).holder())
          .contains("for the application 'WalTap waltap'");
      assertThat(engine.state()).isEqualTo(io.waltap.listener.EngineState.STREAMING);
    }
    assertThat(CdcEngine.check(config).canStart()).isTrue();
    database.execute(
        "INSERT INTO item VALUES (1, 'x')",
        "SELECT pg_replication_slot_advance('" + database.name() + "', pg_current_wal_lsn())");
    assertThat(codes(CdcEngine.check(config))).contains(Code.GAP);
    database.execute("SELECT pg_drop_replication_slot('" + database.name() + "')");
    assertThat(codes(CdcEngine.check(config))).contains(Code.SLOT_MISSING);
    Files.writeString(folder.resolve("offset"), "nonsense");
    Files.deleteIfExists(folder.resolve("offset.previous"));
    assertThat(codes(CdcEngine.check(config))).contains(Code.OFFSET_STORE);
  }

  @Test
  void checksAStoreOfOnesOwnAsFarAsItCanBeRead() throws IOException {
    CdcConfig config = config().build();
    try (FileOffsetStore file = new FileOffsetStore(config.offsetFile())) {
      file.open();
      file.save(new Offset(config.slot(), "another server", 1, "waltap", new Lsn(1)));
    }
    assertThat(codes(builder(config).check())).contains(Code.WRONG_SERVER);
    PreflightReport report = builder(config).offsets(new Closed()).check();
    assertThat(report.canStart()).isTrue();
  }

  /** Says nothing before it is opened. */
  private static final class Closed implements OffsetStore {
    @Override
    public Optional<Offset> open() {
      throw new AssertionError("a check opens nothing");
    }

    @Override
    public void save(Offset offset) {
      throw new AssertionError("a check writes nothing");
    }

    @Override
    public void close() {}
  }

  @Test
  void aStartLogsEachWarningOnce() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.waltap");
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.start();
    logger.addAppender(logged);
    database.execute("ALTER PUBLICATION waltap SET (publish = 'insert, update')");
    try (CdcEngine engine = builder(config().build()).start()) {
      Capturing.catchUp(engine, database);
    } finally {
      logger.detachAppender(logged);
    }
    assertThat(logged.list)
        .filteredOn(event -> event.getLevel() == Level.WARN)
        .extracting(ILoggingEvent::getFormattedMessage)
        .containsExactly(
            "The publication waltap does not publish delete and truncate."
                + " [OPERATION_NOT_PUBLISHED]\n"
                + "    → ALTER PUBLICATION waltap SET (publish = 'insert, update, delete, truncate');",
            "An update that leaves a large value alone does not send it; this concerns public.item"
                + " (note). [TOAST_UNCHANGED]\n"
                + "    → ALTER TABLE public.item REPLICA IDENTITY FULL;");
  }

  @Test
  void anEngineRunsWithAsManyConnectionsAsTheCheckAsksFor() throws Exception {
    String role = "r" + database.name();
    database.execute(
        "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'x' CONNECTION LIMIT 6",
        "GRANT SELECT ON item TO " + role,
        "INSERT INTO item VALUES (1, 'x')");
    try {
      CdcConfig config = config().user(role).password("x").build();
      assertThat(builder(config).check().canStart()).isTrue();
      try (CdcEngine engine = builder(config).start()) {
        Capturing.catchUp(engine, database);
        assertThat(codes(builder(config).check()))
            .as("its own connections do not count")
            .doesNotContain(Code.CONNECTION_LIMIT);
      }
      database.execute("ALTER ROLE " + role + " CONNECTION LIMIT 5");
      assertThat(codes(builder(config).check())).contains(Code.CONNECTION_LIMIT);
    } finally {
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  private CdcException refused(CdcConfig config) {
    return catchThrowableOfType(CdcException.class, () -> builder(config).start());
  }
}

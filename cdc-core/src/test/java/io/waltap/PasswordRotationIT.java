package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.table.Table;
import io.waltap.testing.PasswordServer;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password that changes while an engine runs, and one that nobody can give. */
class PasswordRotationIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final PostgresServer SERVER = PasswordServer.start(PostgresServer.SETTINGS);

  @TempDir private Path folder;
  private final AtomicReference<String> password = new AtomicReference<>("first-4711");
  private TestDatabase database;
  private String role = "";

  @BeforeEach
  void createTable() {
    database = TestDatabase.createOn(SERVER);
    role = database.name();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)",
        "CREATE PUBLICATION waltap FOR TABLE item",
        "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'first-4711'",
        "GRANT SELECT ON item TO " + role);
  }

  @AfterEach
  void drop() {
    database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    database.close();
  }

  private CdcConfig.Builder config() {
    return CdcConfig.builder()
        .url(database.url())
        .user(role)
        .slot(database.name())
        .offsetFile(folder.resolve("offset"));
  }

  private CdcEngine start(CdcConfig config, RecordingListener<Row> listener) throws Exception {
    CdcEngine engine = CdcEngine.builder(config).listen(Table.of("public.item"), listener).start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  private void change(String to) {
    database.execute("ALTER ROLE " + role + " PASSWORD '" + to + "'");
  }

  /** The stream goes on with the old password; whatever connects afterwards needs the new one. */
  private void assertRotates(CdcConfig config, Rotation rotation) throws Exception {
    RecordingListener<Row> first = new RecordingListener<>();
    try (CdcEngine engine = start(config, first)) {
      change("second-4712");
      rotation.to("second-4712");
      database.execute("INSERT INTO item VALUES (1)");
      Lsn now = Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
      assertThat(engine.awaitProcessed(now, SOON)).isTrue();
    }
    database.execute("INSERT INTO item VALUES (2)");
    RecordingListener<Row> second = new RecordingListener<>();
    try (CdcEngine engine = start(config, second)) {
      second.await(1);
      assertThat(engine.failure()).isEmpty();
    }
    assertThat(first.events()).hasSize(1);
    assertThat(second.events()).hasSize(1);
  }

  private interface Rotation {
    void to(String password) throws Exception;
  }

  @Test
  void aSupplierIsAskedByEachConnection() throws Exception {
    assertRotates(config().password(password::get).build(), password::set);
  }

  @Test
  void aFileIsReadByEachConnection() throws Exception {
    Path file = Files.writeString(folder.resolve("password"), "first-4711\n");
    assertRotates(config().passwordFile(file).build(), to -> Files.writeString(file, to + "\n"));
  }

  @Test
  void aPasswordThatIsOldIsRefusedAndNotShown() {
    CdcConfig config = config().password(password::get).build();
    change("second-4712");
    assertRefused(config, "refuses the password of the role " + role + ".");
  }

  @Test
  void aSupplierThatFailsSaysSoInOneSentence() {
    Supplier<String> sealed =
        () -> {
          throw new UnsupportedOperationException("first-4711 is sealed");
        };
    assertRefused(
        config().password(sealed).build(),
        "There is no password for the role "
            + role
            + ": the supplier of the password failed: java.lang.UnsupportedOperationException.");
    assertRefused(
        config().password(() -> null).build(),
        "There is no password for the role " + role + ": the supplier of the password gave null.");
    assertRefused(
        config().passwordFile(folder.resolve("none")).build(),
        "the password file " + folder.resolve("none") + " failed: java.nio.file.NoSuchFile");
  }

  private void assertRefused(CdcConfig config, String what) {
    CdcException refused =
        catchThrowableOfType(
            CdcException.class, () -> start(config, new RecordingListener<>()).close());
    assertThat(refused.problems()).hasSize(1);
    assertThat(refused.getMessage()).contains(what).doesNotContain("4711");
  }
}

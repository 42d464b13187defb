package io.waltap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CdcConfigTest {

  private static final String URL = "jdbc:postgresql://db.example:5433/financial_db";

  private static CdcConfig.Builder valid() {
    return CdcConfig.builder().url(URL).user("cdc").password("hunter2");
  }

  private static void assertRefused(CdcConfig.Builder builder, String... sentences) {
    assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .satisfies(e -> assertThat(e.getMessage()).contains(sentences).doesNotContain("hunter2"));
  }

  @Test
  void needsNoMoreThanWhatAConnectionNeeds() {
    CdcConfig config = CdcConfig.postgres(URL, "cdc", "");
    assertThat(config.url()).isEqualTo(URL);
    assertThat(config.user()).isEqualTo("cdc");
    assertThat(config.password()).isEmpty();
    assertThat(config.name()).isEqualTo("waltap");
    assertThat(config.slot()).isEqualTo("waltap");
    assertThat(config.publication()).isEqualTo("waltap");
    assertThat(config.snapshotMode()).isEqualTo(SnapshotMode.INITIAL);
    assertThat(config.unchanged()).isEqualTo(UnchangedPolicy.FAIL);
    assertThat(config.offsetFile()).isEqualTo(Path.of("waltap.waltap-offset"));
    assertThat(config.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(config.statusInterval()).isEqualTo(Duration.ofSeconds(1));
    assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.snapshotThreads()).isEqualTo(1);
    assertThat(config.maxBatchSize()).isEqualTo(2048);
    assertThat(config.maxQueueSize()).isEqualTo(8192);
    assertThat(config.debezium()).isEmpty();
  }

  @Test
  void theQueueTakesASixteenthOfTheHeapWithinBounds() {
    long mib = 1024 * 1024;
    assertThat(Settings.queueBytesFor(64 * mib)).isEqualTo(8 * mib);
    assertThat(Settings.queueBytesFor(1024 * mib)).isEqualTo(64 * mib);
    assertThat(Settings.queueBytesFor(Long.MAX_VALUE)).isEqualTo(256 * mib);
  }

  @ParameterizedTest
  @CsvSource({
    "jdbc:postgresql://localhost/db, localhost, 5432, db",
    "jdbc:postgresql://my_db:6432/my-db, my_db, 6432, my-db",
    "jdbc:postgresql://[2001:db8::1]:6432/db, [2001:db8::1], 6432, db",
    "jdbc:postgresql://10.0.0.1/db, 10.0.0.1, 5432, db"
  })
  void takesTheAddressOutOfTheUrl(String url, String host, int port, String database) {
    CdcConfig config = CdcConfig.postgres(url, "cdc", "");
    assertThat(config.host()).isEqualTo(host);
    assertThat(config.port()).isEqualTo(port);
    assertThat(config.database()).isEqualTo(database);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''| url is missing; give it as jdbc:postgresql://host:port/database",
        "jdbc:mysql://h/db| url is not a PostgreSQL JDBC URL; write it as",
        "postgresql://cdc:hunter2@h/db| url is not a PostgreSQL JDBC URL",
        "jdbc:postgresql:db| url is not a PostgreSQL JDBC URL",
        "jdbc:postgresql://h| url names no database",
        "jdbc:postgresql://h:5432/| url names no database",
        "jdbc:postgresql://a:1,b:2/db| url names several hosts, which is not supported yet",
        "jdbc:postgresql://:5432/db| url has no readable host and port",
        "jdbc:postgresql:///db| url has no readable host and port",
        "jdbc:postgresql://h:x/db| url has no readable host and port",
        "jdbc:postgresql://2001:db8::1/db| with an IPv6 address in brackets",
        "jdbc:postgresql://h:65536/db| url has a port outside 1 to 65535",
        "jdbc:postgresql://h:0/db| url has a port outside 1 to 65535",
        "jdbc:postgresql://h/a%20b| which is not supported; rename the database",
        "jdbc:postgresql://cdc:hunter2@h/db| url holds a user or password; use the settings user",
        "jdbc:postgresql://h/db?user=a&password=hunter2|"
            + " remove user (use the setting user), password (use the setting password).",
        "jdbc:postgresql://h/db?sslmode=strict| sslMode is 'strict', unknown; write one of disable,",
        "jdbc:postgresql://h/db?sslmode=require&sslmode=disable| has the parameter sslmode twice",
        "jdbc:postgresql://h/db?sslrootcert=%zz| malformed % escape in its parameter sslrootcert",
        "jdbc:postgresql://h/db?sslcert=a.crt| sslKey is missing",
        "jdbc:postgresql://h/db?sslfactory=org.postgresql.ssl.NonValidatingFactory|"
            + " remove sslfactory (no setting takes its place).",
        "jdbc:postgresql://h/db?sslmode=verify-full&socketFactory=x|"
            + " remove socketFactory (no setting takes its place).",
        "jdbc:postgresql://h/db?sslhostnameverifier=x| remove sslhostnameverifier (no setting",
        "jdbc:postgresql://h/db?options=x&hunter2&password=a&hunter2=b|"
            + " remove options (no setting takes its place), the unknown ones, password",
      })
  void refusesAUrlThatIsNotOneServerAndOneDatabase(String url, String sentence) {
    assertRefused(valid().url(url), sentence);
  }

  @Test
  void tellsAllProblemsAtOnce() {
    assertRefused(
        CdcConfig.builder()
            .name("a b")
            .slot("Slot-1")
            .publication("1pub")
            .sslCertificate(Path.of("client.crt"))
            .connectTimeout(Duration.ofMillis(999))
            .statusInterval(Duration.ZERO)
            .stopTimeout(Duration.ofSeconds(-1))
            .snapshotThreads(65)
            .maxBatchSize(0)
            .maxQueueSize(0)
            .maxQueueBytes(0)
            .debezium("slot.name", "other"),
        "The configuration has 15 problems:",
        "\n  - url is missing; ",
        "\n  - user is missing; ",
        "\n  - password is missing; ",
        "\n  - sslKey is missing; ",
        "\n  - name must consist of ",
        "\n  - slot must consist of 1 to 63 lower-case letters, digits and '_', and is 'Slot-1';",
        "\n  - publication must consist of ",
        "\n  - connectTimeout must be between PT1S and PT24H, and is PT0.999S; change it.",
        "\n  - statusInterval must be between ",
        "\n  - stopTimeout must be between ",
        "\n  - snapshotThreads must be from 1 to 64, and is 65; choose another number.",
        "\n  - maxBatchSize must be at least 1, and is 0; raise it.",
        "\n  - maxQueueSize must be greater than the batch size, 0, and is 0; raise it.",
        "\n  - maxQueueBytes must be at least 1",
        "\n  - debezium.slot.name is set by WalTap itself; use the setting slot.");
  }

  @Test
  void aPasswordThatIsNotThereIsAProblemAndNoNullPointer() {
    String unset = System.getenv("WALTAP_TEST_NO_SUCH_VARIABLE");
    assertRefused(
        CdcConfig.builder().url(unset).user(unset).password(unset),
        "url is missing",
        "user is missing",
        "password is missing");
  }

  @Test
  void namesHaveTheLengthThatPostgresAllows() {
    assertThat(valid().slot("s".repeat(63)).build().slot()).hasSize(63);
    assertThat(valid().publication("p".repeat(63)).build().publication()).hasSize(63);
    assertRefused(valid().slot("s".repeat(64)), "slot must consist of");
    assertRefused(valid().publication("p".repeat(64)), "publication must consist of");
    assertRefused(valid().slot(""), "slot must consist of");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost", "LOCALHOST", "127.0.0.1", "127.1.2.3", "[::1]", "[0:0:0:0:0:0:0:1]"})
  void thisMachineIsTrustedByDefault(String host) {
    CdcConfig config = CdcConfig.postgres("jdbc:postgresql://" + host + "/db", "cdc", "");
    assertThat(config.sslMode()).isEqualTo(SslMode.PREFER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"db.example", "127.evil.example", "localhost.example", "[::2]", "10.0.0.1"})
  void anotherMachineHasToProveItselfByDefault(String host) {
    CdcConfig config = CdcConfig.postgres("jdbc:postgresql://" + host + "/db", "cdc", "");
    assertThat(config.sslMode()).isEqualTo(SslMode.VERIFY_FULL);
    assertThat(config.toBuilder().sslMode(SslMode.DISABLE).build().sslMode())
        .isEqualTo(SslMode.DISABLE);
  }

  @Test
  void takesFromTheUrlHowToEncrypt() {
    CdcConfig config =
        valid()
            .url(URL + "?sslmode=verify-ca&sslrootcert=%2Fa%20b.crt&sslcert=c.crt&sslkey=c.key")
            .build();
    assertThat(config.url()).isEqualTo(URL);
    assertThat(config.sslMode()).isEqualTo(SslMode.VERIFY_CA);
    assertThat(config.sslRootCertificate()).isEqualTo(Path.of("/a b.crt"));
    assertThat(config.sslCertificate()).isEqualTo(Path.of("c.crt"));
    assertThat(config.sslKey()).isEqualTo(Path.of("c.key"));
    assertThat(config.toBuilder().sslMode(SslMode.DISABLE).build().sslMode())
        .isEqualTo(SslMode.DISABLE);
    assertThat(valid().url(URL + "?").build().sslMode()).isEqualTo(SslMode.VERIFY_FULL);
  }

  @ParameterizedTest
  @EnumSource(SslMode.class)
  void takesEveryModeFromTheUrlWhateverTheHost(SslMode mode) {
    String parameter = "/db?sslmode=" + mode.word();
    for (String host : List.of("localhost", "db.example")) {
      CdcConfig config = CdcConfig.postgres("jdbc:postgresql://" + host + parameter, "cdc", "");
      assertThat(config.sslMode()).isEqualTo(mode);
    }
  }

  @Test
  void refusesAUrlThatContradictsASetting() {
    CdcConfig.Builder builder = valid().url(URL + "?sslmode=disable");
    assertRefused(
        builder.sslMode(SslMode.VERIFY_FULL),
        "sslMode is given in the URL too, with another value; remove one of them.");
    assertThat(builder.sslMode(SslMode.DISABLE).build().sslMode()).isEqualTo(SslMode.DISABLE);
  }

  @Test
  void asksForThePasswordAnewAndNeverShowsIt() {
    AtomicInteger asked = new AtomicInteger();
    CdcConfig config = valid().password(() -> "hunter2-" + asked.incrementAndGet()).build();
    assertThat(config.toString()).contains("password=***").doesNotContain("hunter2");
    assertThat(asked).as("nobody has connected yet").hasValue(0);
    assertThat(config.password()).isEqualTo("hunter2-1");
    assertThat(config.toBuilder().slot("other").build().password()).isEqualTo("hunter2-2");
  }

  @Test
  void readsThePasswordFileAnew(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("password");
    CdcConfig config = valid().passwordFile(file).build();
    assertThatIllegalStateException()
        .isThrownBy(config::password)
        .withMessage("the password file " + file + " failed: java.nio.file.NoSuchFileException");
    Files.writeString(file, "hunter2\n");
    assertThat(config.password()).isEqualTo("hunter2");
    Files.writeString(file, " two lines\r\nhunter3 \r\n");
    assertThat(config.password()).isEqualTo(" two lines\r\nhunter3 ");
    assertThat(config.toString()).doesNotContain("hunter");
  }

  @Test
  void aSupplierOfThePasswordThatHasNoneSaysSo() {
    CdcConfig none = valid().password(() -> null).build();
    assertThatIllegalStateException()
        .isThrownBy(none::password)
        .withMessage("the supplier of the password gave null");
    Supplier<String> broken =
        () -> {
          throw new UnsupportedOperationException("hunter2 is sealed");
        };
    assertThatIllegalStateException()
        .isThrownBy(valid().password(broken).build()::password)
        .withMessage(
            "the supplier of the password failed: java.lang.UnsupportedOperationException");
  }

  @Test
  void aBuilderFromAConfigurationStartsWithItsValuesAndLeavesItAlone() {
    CdcConfig config =
        valid()
            .name("n")
            .slot("s")
            .publication("p")
            .snapshotMode(SnapshotMode.NEVER)
            .snapshotThreads(9)
            .unchanged(UnchangedPolicy.NULL)
            .sslMode(SslMode.REQUIRE)
            .sslRootCertificate(Path.of("root.crt"))
            .sslCertificate(Path.of("client.crt"))
            .sslKey(Path.of("client.pem"))
            .offsetFile(Path.of("o"))
            .connectTimeout(Duration.ofSeconds(2))
            .statusInterval(Duration.ofSeconds(3))
            .stopTimeout(Duration.ofSeconds(4))
            .maxBatchSize(5)
            .maxQueueSize(6)
            .maxQueueBytes(7)
            .debezium("connection.validation.timeout.ms", "8")
            .build();
    String before = config.toString();
    CdcConfig.Builder builder = config.toBuilder();
    assertThat(builder.build()).hasToString(before);
    assertThat(builder.build().unchanged()).isEqualTo(UnchangedPolicy.NULL);
    assertThat(builder.build().password()).isEqualTo("hunter2");
    CdcConfig changed = builder.slot("other").debezium("a", "b").build();
    builder.slot("third").debezium("c", "d");
    assertThat(config).hasToString(before);
    assertThat(changed.slot()).isEqualTo("other");
    assertThat(changed.debezium()).containsOnlyKeys("connection.validation.timeout.ms", "a");
  }

  @Test
  void showsEverythingButSecrets() {
    String text =
        valid()
            .debezium("connection.validation.timeout.ms", "30")
            .debezium("some.API-Key", "hunter2")
            .debezium("some.url", "jdbc:x://h/db?password=hunter2")
            .build()
            .toString();
    assertThat(text)
        .contains("url=" + URL, "user=cdc", "password=***", "slot=waltap", "sslMode=VERIFY_FULL")
        .contains(
            "debezium.connection.validation.timeout.ms=30", "some.API-Key=***", "some.url=***")
        .doesNotContain("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "connector.class",
        "name",
        "topic.prefix",
        "database.hostname",
        "plugin.name",
        "slot.drop.on.stop",
        "publication.name",
        "offset.flush.interval.ms",
        "table.include.list",
        "table.exclude.list",
        "schema.include.list",
        "converters",
        "key.converter",
        "value.converter.schemas.enable",
        "tombstones.on.delete",
        "skipped.operations",
        "snapshot.mode",
        "snapshot.query.mode",
        "errors.max.retries",
        "lsn.flush.mode",
        "provide.transaction.metadata",
        "heartbeat.interval.ms",
        "max.batch.size",
        "max.queue.size",
        "max.queue.size.in.bytes",
        "status.update.interval.ms",
        "transforms",
        "include.unknown.datatypes",
        "decimal.handling.mode",
        "unavailable.value.placeholder",
        "record.processing.threads",
        "poll.interval.ms",
        "executor.shutdown.timeout.ms",
        "signal.data.collection",
        "notification.enabled.channels",
        "driver.sslfactory",
        "driver.socketFactory",
        "driver.authenticationPluginClassName",
        "database.sslfactory"
      })
  void refusesTheKeysThatWalTapSetsItself(String key) {
    assertRefused(
        valid().debezium(key, "hunter2"),
        "debezium." + key + " is set by WalTap itself; ",
        OwnedKeys.remedyFor(key).orElseThrow());
  }

  @Test
  void namesTheSettingToUseInsteadOfAKey() {
    assertRefused(valid().debezium("max.queue.size", "1"), "use the setting maxQueueSize.");
    assertRefused(valid().debezium("max.queue.size.in.bytes", "1"), "the setting maxQueueBytes.");
    assertRefused(valid().debezium("snapshot.mode", "always"), "use the setting snapshotMode.");
    assertRefused(valid().debezium("table.include.list", "a"), "those given to listen(...)");
  }

  @Test
  void passesOtherKeysOn() {
    assertThat(valid().debezium("connection.validation.timeout.ms", "10").build().debezium())
        .containsEntry("connection.validation.timeout.ms", "10");
  }
}

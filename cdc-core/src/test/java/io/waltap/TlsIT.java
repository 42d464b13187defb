package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.waltap.config.CdcConfig;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.Certificates;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** How connections are encrypted, towards a server with a certificate of our own authority. */
class TlsIT {

  /** Is this machine, and not one of the names by which a configuration knows it. */
  private static final String ELSEWHERE = "127.1";

  @TempDir private static Path folder;
  private static PostgresServer server;
  private static Certificates ours;
  private static Certificates foreign;

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Logger logger = (Logger) LoggerFactory.getLogger("io.waltap");
  private TestDatabase database;

  @BeforeAll
  static void startServer() {
    ours = new Certificates(folder, "ours");
    foreign = new Certificates(folder, "foreign");
    TreeMap<String, String> settings = new TreeMap<>(PostgresServer.SETTINGS);
    settings.put("ssl", "on");
    settings.put("ssl_cert_file", ours.sign("server", "dns:localhost").toString());
    settings.put("ssl_key_file", ours.key("server").toString());
    settings.put("ssl_ca_file", ours.authority().toString());
    server = PostgresServer.embedded(settings);
    try (TestDatabase admin = TestDatabase.createOn(server)) {
      admin.execute(
          "CREATE ROLE certified LOGIN REPLICATION",
          """
          DO $$ BEGIN
            EXECUTE format(
              'COPY (VALUES (''hostssl all certified all cert''), (''host all all all trust''))'
              ' TO %L', current_setting('hba_file'));
          END $$""",
          "SELECT pg_reload_conf()");
      Await.until(
          "the rules are read",
          () -> admin.value("SELECT count(*) FROM pg_hba_file_rules").equals("2"));
    }
  }

  @BeforeEach
  void createTable() {
    database = TestDatabase.createOn(server);
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)",
        "GRANT SELECT ON item TO certified",
        "CREATE PUBLICATION waltap FOR TABLE item");
    log.start();
    logger.addAppender(log);
  }

  @AfterEach
  void dropDatabase() {
    logger.detachAppender(log);
    database.close();
  }

  private CdcConfig.Builder config(String host, String parameters) {
    return CdcConfig.builder()
        .url("jdbc:postgresql://" + host + ":" + server.port() + "/" + database.name() + parameters)
        .user("postgres")
        .password("")
        .slot(database.name());
  }

  private CdcEngine start(CdcConfig config, RecordingListener<Row> listener) throws Exception {
    CdcEngine engine =
        CdcEngine.builder(config)
            .listen(Table.of("public.item"), listener)
            .offsets(new InMemoryOffsetStore())
            .start();
    assertThat(engine.awaitStreaming(Duration.ofSeconds(30))).isTrue();
    return engine;
  }

  /** Streams a row, and gives for each of the engine's connections whether it is encrypted. */
  private List<String> encrypted(CdcConfig config) throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    try (CdcEngine engine = start(config, listener)) {
      database.execute("INSERT INTO item VALUES (1)");
      listener.await(1);
      assertThat(engine.failure()).isEmpty();
      return database.column(
          "SELECT ssl FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)"
              + " WHERE application_name = 'WalTap waltap' ORDER BY ssl");
    }
  }

  private List<String> warnings() {
    return log.list.stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  @ParameterizedTest
  @CsvSource({
    "'', t",
    "?sslmode=disable, f",
    "?sslmode=allow, f",
    "?sslmode=prefer, t",
    "?sslmode=require, t"
  })
  void theModeInTheUrlCounts(String parameters, String expected) throws Exception {
    assertThat(encrypted(config("localhost", parameters).build()))
        .hasSizeGreaterThanOrEqualTo(2)
        .containsOnly(expected);
    assertThat(warnings()).as("of this machine nobody has to be warned").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-ca", "verify-full"})
  void aCertificateOfATrustedAuthorityStreamsEncrypted(String mode) throws Exception {
    String parameters = "?sslmode=" + mode + "&sslrootcert=" + ours.authority();
    assertThat(encrypted(config("localhost", parameters).build()))
        .as("the replication connection too")
        .hasSizeGreaterThanOrEqualTo(2)
        .containsOnly("t");
  }

  private void assertRefused(CdcConfig.Builder config, String what, String remedy) {
    CdcException refused =
        catchThrowableOfType(
            CdcException.class, () -> start(config.build(), new RecordingListener<>()).close());
    assertThat(refused.problems()).hasSize(1);
    assertThat(refused.getMessage()).contains(what).contains(remedy);
  }

  @ParameterizedTest
  @ValueSource(strings = {"verify-ca", "verify-full"})
  void anUnknownAuthorityIsRefused(String mode) {
    assertRefused(
        config("localhost", "?sslmode=" + mode).sslRootCertificate(foreign.authority()),
        "with sslMode " + mode + ": its certificate is not signed by an authority that is trusted",
        "as sslRootCertificate.");
  }

  @Test
  void aCertificateOfAnotherHostIsRefused() {
    assertRefused(
        config("127.0.0.1", "?sslmode=verify-full").sslRootCertificate(ours.authority()),
        "No encrypted connection to 127.0.0.1:"
            + server.port()
            + " with sslMode verify-full: its certificate is made out for another host.",
        "Use a host name in the URL that the certificate has");
  }

  @Test
  void aRootCertificateThatIsNotThereIsRefused() {
    assertRefused(
        config("localhost", "?sslmode=verify-full").sslRootCertificate(folder.resolve("no.crt")),
        "with sslMode verify-full: ",
        "Name readable files as sslRootCertificate (PEM)");
  }

  @Test
  void towardsAnotherMachineTheDefaultIsToVerifyItsName() throws Exception {
    CdcConfig.Builder config = config(ELSEWHERE, "").sslRootCertificate(ours.authority());
    assertRefused(config, "with sslMode verify-full", "certificate");
    assertThat(warnings()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"disable", "require", "verify-ca"})
  void aWeakerModeTowardsAnotherMachineIsWarnedOfOnce(String mode) throws Exception {
    CdcConfig config =
        config(ELSEWHERE, "?sslmode=" + mode).sslRootCertificate(ours.authority()).build();
    assertThat(encrypted(config)).isNotEmpty();
    assertThat(warnings())
        .containsExactly(
            "waltap: with sslMode "
                + mode
                + " the connections to "
                + ELSEWHERE
                + " are not safe from somebody in between; use verify-full, with the certificate"
                + " of the server's authority as sslRootCertificate");
  }

  @Test
  void theClientShowsItsCertificate() throws Exception {
    CdcConfig.Builder config =
        config("localhost", "?sslmode=verify-full")
            .user("certified")
            .sslRootCertificate(ours.authority());
    assertRefused(config, "does not let the role certified into", "pg_hba.conf");
    Path certificate = ours.sign("certified", "");
    assertThat(encrypted(config.sslCertificate(certificate).sslKey(ours.key("certified")).build()))
        .hasSizeGreaterThanOrEqualTo(2)
        .containsOnly("t");
  }

  @Test
  void anAddressOfVersionSixStreams() throws Exception {
    assertThat(encrypted(config("[::ffff:127.0.0.1]", "?sslmode=require").build()))
        .containsOnly("t");
  }
}

package io.waltap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigFileTest {

  private static final String REQUIRED =
      """
      waltap.url = jdbc:postgresql://localhost/financial_db
      waltap.user = cdc
      waltap.password = hunter2
      """;

  private Path file;

  @BeforeEach
  void useDirectory(@TempDir Path directory) {
    file = directory.resolve("app.properties");
  }

  private CdcConfig load(String text, Map<String, String> environment) throws IOException {
    return CdcConfig.load(Files.writeString(file, text), environment);
  }

  private void assertRefused(String text, Map<String, String> environment, String... sentences) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> load(text, environment))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .contains(file.toString())
                    .contains(sentences)
                    .doesNotContain("hunter2"));
  }

  @Test
  void readsEverySetting() throws IOException {
    CdcConfig config =
        load(
            REQUIRED
                + """
                waltap.name = n\u00e4me
                waltap.name = n
                waltap.slot = s
                waltap.publication = p
                waltap.snapshot-mode = never
                waltap.unchanged = null
                waltap.ssl-mode = verify-ca
                waltap.ssl-root-certificate = root.crt
                waltap.ssl-certificate = client.crt
                waltap.ssl-key = client.pem
                waltap.offset-file = dir/o
                waltap.connect-timeout = PT2S
                waltap.status-interval = 500ms
                waltap.stop-timeout = 1m
                waltap.max-batch-size = 10
                waltap.snapshot-threads = 4
                waltap.max-queue-size = 20
                waltap.max-queue-bytes = 5000000000
                waltap.debezium.connection.validation.timeout.ms = 30
                """,
            Map.of());
    CdcConfig same =
        CdcConfig.builder()
            .url("jdbc:postgresql://localhost:5432/financial_db")
            .user("cdc")
            .password("hunter2")
            .name("n")
            .slot("s")
            .publication("p")
            .snapshotMode(SnapshotMode.NEVER)
            .unchanged(UnchangedPolicy.NULL)
            .sslMode(SslMode.VERIFY_CA)
            .sslRootCertificate(Path.of("root.crt"))
            .sslCertificate(Path.of("client.crt"))
            .sslKey(Path.of("client.pem"))
            .offsetFile(Path.of("dir/o"))
            .connectTimeout(Duration.ofSeconds(2))
            .statusInterval(Duration.ofMillis(500))
            .stopTimeout(Duration.ofMinutes(1))
            .snapshotThreads(4)
            .maxBatchSize(10)
            .maxQueueSize(20)
            .maxQueueBytes(5_000_000_000L)
            .debezium("connection.validation.timeout.ms", "30")
            .build();
    assertThat(config).hasToString(same.toString());
    assertThat(config.unchanged()).isEqualTo(UnchangedPolicy.NULL);
    assertThat(config.password()).isEqualTo("hunter2");
  }

  @ParameterizedTest
  @CsvSource({"500ms, PT0.5S", "5s, PT5S", "5S, PT5S", "1m, PT1M", "1h, PT1H", "PT1.5S, PT1.5S"})
  void readsDurations(String text, Duration duration) throws IOException {
    CdcConfig config = load(REQUIRED + "waltap.stop-timeout=" + text, Map.of());
    assertThat(config.stopTimeout()).isEqualTo(duration);
  }

  @Test
  void theEnvironmentOverrides() throws IOException {
    CdcConfig config =
        load(
            REQUIRED + "waltap.max-batch-size = none of your business",
            Map.of(
                "WALTAP_URL", "jdbc:postgresql://db.example/other",
                "WALTAP_PASSWORD", "",
                "WALTAP_SNAPSHOT_MODE", "NEVER",
                "WALTAP_MAX_BATCH_SIZE", "7",
                "WALTAP_SERVICE_HOST", "of a container platform",
                "PATH", "x"));
    assertThat(config.host()).isEqualTo("db.example");
    assertThat(config.user()).isEqualTo("cdc");
    assertThat(config.password()).isEmpty();
    assertThat(config.snapshotMode()).isEqualTo(SnapshotMode.NEVER);
    assertThat(config.maxBatchSize()).isEqualTo(7);
  }

  @Test
  void tellsAllProblemsAtOnceWithTheirKeys() {
    assertRefused(
        """
        waltap.url = jdbc:mysql://h/db
        waltap.slott = s
        user = cdc
        waltap.password = hunter2
        waltap.slot = Bad
        waltap.snapshot-mode = sometimes
        waltap.connect-timeout = 5
        waltap.stop-timeout = 999999999999999h
        waltap.max-batch-size = many
        waltap.max-queue-size = 99999999999
        waltap.offset-file =
        waltap.debezium.slot.name = x
        """,
        Map.of("WALTAP_PUBLICATION", "A", "WALTAP_STATUS_INTERVAL", "soon"),
        "\n  - waltap.url is not a PostgreSQL JDBC URL; ",
        "\n  - waltap.slott is not a setting; remove it or write one of waltap.url, ",
        "\n  - user is not a setting; ",
        "\n  - waltap.user is missing; ",
        "\n  - waltap.slot must consist of ",
        "\n  - waltap.snapshot-mode is 'sometimes', unknown; write one of initial, when-needed, never.",
        "\n  - waltap.connect-timeout is '5', no duration; write for example 500ms, 5s, 1m",
        "\n  - waltap.stop-timeout must be between ",
        "\n  - waltap.max-batch-size is 'many', no whole number; ",
        "\n  - waltap.max-queue-size is '99999999999', which is too large; lower it.",
        "\n  - waltap.offset-file is '', no file; ",
        "\n  - waltap.debezium.slot.name is set by WalTap itself; use the setting slot.",
        "\n  - WALTAP_PUBLICATION must consist of ",
        "\n  - WALTAP_STATUS_INTERVAL is 'soon', no duration; ",
        " has 14 problems:");
  }

  @Test
  void aFileThatIsNotThereOrNotTextIsAProblem() throws IOException {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CdcConfig.load(file))
        .withMessageContaining(file + " does not exist; create it");
    Files.write(file, "waltap.user=\u00fc".getBytes(StandardCharsets.ISO_8859_1));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CdcConfig.load(file))
        .withMessageContaining(file + " is not UTF-8 text");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CdcConfig.load(file.resolveSibling(".")))
        .withMessageContaining("cannot be read");
    assertRefused("waltap.password=\\u00zz", Map.of(), "has a malformed \\u escape");
  }
}

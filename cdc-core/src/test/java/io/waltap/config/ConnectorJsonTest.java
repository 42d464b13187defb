package io.waltap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectorJsonTest {

  private static final String ORIGINAL =
      """
      {"name":"postgres-fin-connector","config":{\
      "connector.class":"io.debezium.connector.postgresql.PostgresConnector",\
      "topic.prefix":"cdc","database.user":"postgres","database.dbname":"financial_db",\
      "database.hostname":"postgres","database.password":"postgres",\
      "plugin.name":"pgoutput","decimal.handling.mode":"string"}}""";

  /** Only what is required, and one more line. */
  private static String withLine(String line) {
    return """
    {"database.hostname": "localhost", "database.dbname": "db", "database.user": "cdc",
     "database.password": "hunter2", %s}
    """
        .formatted(line);
  }

  private static void assertRefused(String json, String... sentences) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CdcConfig.fromConnectorJson(json))
        .satisfies(
            e -> {
              assertThat(e.getMessage()).contains(sentences).doesNotContain("hunter2");
              assertThat(e.getCause()).isNull();
            });
  }

  @Test
  void takesTheOriginalConnectorAsItStands(@TempDir Path directory) throws IOException {
    CdcConfig config = CdcConfig.fromConnectorJson(ORIGINAL);
    assertThat(config.url()).isEqualTo("jdbc:postgresql://postgres:5432/financial_db");
    assertThat(config.user()).isEqualTo("postgres");
    assertThat(config.password()).isEqualTo("postgres");
    assertThat(config.name()).isEqualTo("cdc");
    assertThat(config.slot()).isEqualTo("waltap");
    assertThat(config.publication()).isEqualTo("waltap");
    assertThat(config.snapshotMode()).isEqualTo(SnapshotMode.INITIAL);
    assertThat(config.debezium()).isEmpty();
    Path file = Files.writeString(directory.resolve("connector.json"), ORIGINAL);
    assertThat(CdcConfig.fromConnectorJson(file)).hasToString(config.toString());
  }

  @Test
  void honoursEveryKeyThatHasAMeaning() {
    CdcConfig config =
        CdcConfig.fromConnectorJson(
            """
            {
              "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
              "tasks.max": 1,
              "plugin.name": "pgoutput",
              "publication.autocreate.mode": "disabled",
              "decimal.handling.mode": "precise",
              "tombstones.on.delete": false,
              "key.converter": "org.apache.kafka.connect.json.JsonConverter",
              "key.converter.schemas.enable": "false",
              "value.converter": "org.apache.kafka.connect.json.JsonConverter",
              "database.hostname": "db.example",
              "database.port": "6432",
              "database.dbname": "db",
              "database.user": "cdc",
              "database.password": "",
              "database.sslmode": "verify-ca",
              "database.sslrootcert": "root.crt",
              "database.sslcert": "client.crt",
              "database.sslkey": "client.pem",
              "topic.prefix": "n",
              "slot.name": "s",
              "publication.name": "p",
              "snapshot.mode": "no_data",
              "snapshot.max.threads": 4,
              "max.batch.size": 10,
              "max.queue.size": "20",
              "max.queue.size.in.bytes": 30,
              "status.update.interval.ms": 4000
            }
            """);
    CdcConfig same =
        CdcConfig.builder()
            .url("jdbc:postgresql://db.example:6432/db")
            .user("cdc")
            .password("")
            .name("n")
            .slot("s")
            .publication("p")
            .snapshotMode(SnapshotMode.NEVER)
            .sslMode(SslMode.VERIFY_CA)
            .sslRootCertificate(Path.of("root.crt"))
            .sslCertificate(Path.of("client.crt"))
            .sslKey(Path.of("client.pem"))
            .statusInterval(Duration.ofSeconds(4))
            .snapshotThreads(4)
            .maxBatchSize(10)
            .maxQueueSize(20)
            .maxQueueBytes(30)
            .build();
    assertThat(config).hasToString(same.toString());
    assertThat(config.password()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "initial, INITIAL",
    "when_needed, WHEN_NEEDED",
    "never, NEVER",
    "no_data, NEVER",
    "schema_only, NEVER"
  })
  void mapsSnapshotModes(String word, SnapshotMode mode) {
    CdcConfig config = CdcConfig.fromConnectorJson(withLine("\"snapshot.mode\": \"" + word + "\""));
    assertThat(config.snapshotMode()).isEqualTo(mode);
  }

  @Test
  void putsAnIpv6AddressInBrackets() {
    CdcConfig config =
        CdcConfig.fromConnectorJson(withLine("\"name\": \"x\"").replace("localhost", "::1"));
    assertThat(config.host()).isEqualTo("[::1]");
  }

  @Test
  void acceptsWhatConnectAnswersWhenAskedForAConnector() {
    String answer =
        "{\"name\": \"c\", \"type\": \"source\", \"tasks\": [], \"config\": "
            + withLine("\"name\": \"c\"")
            + "}";
    assertThat(CdcConfig.fromConnectorJson(answer).database()).isEqualTo("db");
  }

  @Test
  void tellsAllProblemsAtOnceWithTheirKeys() {
    assertRefused(
        """
        {"config": {
          "connector.class": "io.debezium.connector.mysql.MySqlConnector",
          "plugin.name": "decoderbufs",
          "tasks.max": 2,
          "decimal.handling.mode": "double",
          "publication.autocreate.mode": "all_tables",
          "database.port": "many",
          "database.password": "hunter2",
          "slot.name": "Bad",
          "max.batch.size": "many",
          "status.update.interval.ms": -1,
          "snapshot.mode": "always",
          "table.include.list": "public.a",
          "heartbeat.interval.ms": 0,
          "column.mask.hash": {"a": "hunter2"},
          "message.key.columns": null,
          "no.such.key": "hunter2"
         },
         "confg": {}
        }
        """,
        "The connector JSON has 19 problems:",
        "\n  - confg stands beside \"config\"; ",
        "\n  - connector.class is 'io.debezium.connector.mysql.MySqlConnector', which is not",
        "\n  - plugin.name is 'decoderbufs', which is not honoured; write pgoutput, ",
        "\n  - tasks.max is '2', which is not honoured; write 1, ",
        "\n  - decimal.handling.mode is 'double', which is not honoured; write string or precise",
        "\n  - publication.autocreate.mode is 'all_tables', which is not honoured; ",
        "\n  - slot.name must consist of ",
        "\n  - max.batch.size is 'many', no whole number; ",
        "\n  - status.update.interval.ms is '-1', no whole number of milliseconds",
        "\n  - snapshot.mode is 'always', ",
        "\n  - table.include.list is not honoured; the captured tables are those given to listen(",
        "\n  - heartbeat.interval.ms is not honoured; ",
        "\n  - column.mask.hash is not a plain value; ",
        "\n  - message.key.columns is not a plain value; ",
        "\n  - no.such.key is not honoured; remove it, or set it with debezium(key, value)",
        "\n  - database.hostname is missing; add it.",
        "\n  - database.dbname is missing; add it.",
        "\n  - database.port is not a port; ",
        "\n  - database.user is missing; ");
  }

  @Test
  void anAddressThatCannotBeUsedNamesItsKeys() {
    assertRefused(
        withLine("\"name\": \"x\"").replace("localhost", "a,b"),
        "The address made of database.hostname, database.port and database.dbname names several");
  }

  @Test
  void aMissingPasswordIsAProblem() {
    assertRefused(
        ORIGINAL.replace("\"database.password\":\"postgres\",", ""),
        "database.password is missing; ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\n  \"database.password\": hunter2 }",
        "{\n  \"database.password\": \"hunter2 }",
        "{\n  \"a\": \"hunter2\", \"a\": \"hunter2\"}",
        "{\n  \"a\": \"hunter2\"} hunter2",
        "{\n  \"a\": 'hunter2'}",
        "{\n  "
      })
  void malformedJsonIsToldByItsPlaceAndNotRepeated(String json) {
    assertRefused(
        json, "The connector JSON is malformed at line 2, column ", "; correct it there.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "null", "\"hunter2\""})
  void whatIsNoObjectIsRefused(String json) {
    assertRefused(json, "The connector JSON is not an object; ");
  }

  @Test
  void aFileThatIsNotThereIsAProblem(@TempDir Path directory) {
    Path file = directory.resolve("connector.json");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CdcConfig.fromConnectorJson(file))
        .withMessageContaining(file + " cannot be read");
  }
}

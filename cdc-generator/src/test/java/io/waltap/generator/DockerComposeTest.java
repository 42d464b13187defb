package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.waltap.testing.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What can be known about the compose file where no Docker engine is. */
class DockerComposeTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private JsonNode compose;
  private JsonNode postgres;

  @BeforeEach
  void parse() throws IOException {
    compose =
        new ObjectMapper(new YAMLFactory()).readTree(ROOT.resolve("docker-compose.yml").toFile());
    postgres = compose.at("/services/postgres");
  }

  @Test
  void serverHasTheSettingsThatTheTestsRunWith() {
    Map<String, String> expected = new HashMap<>(PostgresServer.SETTINGS);
    expected.remove("timezone"); // odd on purpose, for tests only
    assertThat(settings()).containsExactlyInAnyOrderEntriesOf(expected);
  }

  @Test
  void serverHasTheMajorVersionOfTheTestBinaries() {
    assertThat(postgres.path("image").asText()).isEqualTo("postgres:18");
  }

  @Test
  void databaseAndUserAreThoseOfTheDocumentation() {
    assertThat(postgres.at("/environment/POSTGRES_DB").asText()).isEqualTo("financial_db");
    assertThat(postgres.at("/environment/POSTGRES_USER").asText()).isEqualTo("postgres");
    assertThat(postgres.at("/environment/POSTGRES_PASSWORD").asText()).isEqualTo("postgres");
  }

  @Test
  void portIsReachableFromThisMachineOnly() {
    assertThat(texts(postgres.path("ports"))).containsExactly("127.0.0.1:5432:5432");
  }

  @Test
  void everyMountedFolderIsThereAndEveryVolumeDeclared() {
    assertThat(mounts()).isNotEmpty();
    mounts()
        .forEach(
            (source, target) -> {
              if (source.startsWith(".")) {
                assertThat(ROOT.resolve(source)).isDirectory();
              } else {
                assertThat(compose.path("volumes").has(source)).as(source).isTrue();
              }
            });
  }

  @Test
  void scriptsAreMountedWhereTheImageLooksForThem() {
    assertThat(mounts()).containsEntry("./sql", "/docker-entrypoint-initdb.d");
  }

  @Test
  void dataIsMountedWhereTheImageOfVersion18KeepsIt() {
    assertThat(mounts()).containsEntry("postgres-data", "/var/lib/postgresql");
  }

  @Test
  void healthIsAskedOverTcpBecauseTheSocketAnswersTooEarly() {
    assertThat(texts(postgres.at("/healthcheck/test")))
        .containsSubsequence("CMD", "pg_isready", "-h", "127.0.0.1", "-d", "financial_db");
  }

  @Test
  void everyScriptIsNumberedSql() throws IOException {
    try (Stream<Path> files = Files.list(ROOT.resolve("sql"))) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSizeGreaterThanOrEqualTo(4)
          .allMatch(name -> name.matches("\\d\\d-[a-z-]+\\.sql"), "is numbered SQL");
    }
  }

  private Map<String, String> settings() {
    Map<String, String> settings = new HashMap<>();
    String before = "";
    for (String word : texts(postgres.path("command"))) {
      if (before.equals("-c")) {
        String[] pair = word.split("=", 2);
        settings.put(pair[0], pair[1]);
      }
      before = word;
    }
    return settings;
  }

  private Map<String, String> mounts() {
    Map<String, String> mounts = new HashMap<>();
    for (String mount : texts(postgres.path("volumes"))) {
      String[] parts = mount.split(":", -1);
      mounts.put(parts[0], parts[1]);
    }
    return mounts;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(node -> texts.add(node.asText()));
    return texts;
  }
}

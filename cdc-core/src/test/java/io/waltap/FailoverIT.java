package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Row;
import io.waltap.listener.EngineState;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An address that leads to a standby for a while, as during a failover. */
class FailoverIT {

  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir private Path folder;
  private int port;

  @BeforeEach
  void makeStandby() throws Exception {
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (EmbeddedPostgres primary = open("primary")) {
      execute(
          primary,
          "CREATE TABLE item (id int PRIMARY KEY)",
          "CREATE PUBLICATION waltap FOR TABLE item");
    }
    copy("primary", "standby"); // before there is a slot, which a backup has not either
    Files.createFile(folder.resolve("standby").resolve("standby.signal"));
  }

  /** A server with its data in a folder of that name, always at the same address. */
  private EmbeddedPostgres open(String name) throws IOException {
    EmbeddedPostgres.Builder builder =
        EmbeddedPostgres.builder()
            .setPort(port)
            .setDataDirectory(folder.resolve(name))
            .setCleanDataDirectory(false);
    PostgresServer.SETTINGS.forEach(builder::setServerConfig);
    return builder.start();
  }

  private static void execute(EmbeddedPostgres server, String... statements) throws SQLException {
    try (Connection connection = server.getPostgresDatabase().getConnection();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  private void copy(String from, String to) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(from))) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(to).resolve(folder.resolve(from).relativize(file));
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private CdcEngine start(SnapshotMode mode, RecordingListener<Row> listener)
      throws InterruptedException {
    CdcConfig config =
        CdcConfig.builder()
            .url("jdbc:postgresql://localhost:" + port + "/postgres")
            .user("postgres")
            .password("none")
            .snapshotMode(mode)
            .offsetFile(folder.resolve("offset"))
            .build();
    return CdcEngine.builder(config).listen(Table.of("public.item"), listener).start();
  }

  @ParameterizedTest
  @EnumSource(names = {"INITIAL", "WHEN_NEEDED"})
  void isWaitedFor(SnapshotMode mode) throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    EmbeddedPostgres primary = open("primary");
    try (CdcEngine engine = start(mode, listener)) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      primary.close();
      try (EmbeddedPostgres standby = open("standby")) {
        Await.until(
            "the standby is looked at",
            () ->
                Stream.of("[STANDBY]", "[SLOT_MISSING]")
                    .anyMatch(String.valueOf(engine.status().reason())::contains));
        assertThat(engine.state()).isEqualTo(EngineState.RECONNECTING);
        assertThat(standby.getPort()).isEqualTo(port);
      }
      primary = open("primary");
      execute(primary, "INSERT INTO item VALUES (1)");
      assertThat(listener.await(1)).hasSize(1);
      assertThat(engine.state()).isEqualTo(EngineState.STREAMING);
    } finally {
      primary.close();
    }
  }
}

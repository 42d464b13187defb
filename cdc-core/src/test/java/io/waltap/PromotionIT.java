package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.RecordingListener;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A server that is promoted or comes back from a backup. The role may no more than log in and
 * replicate.
 */
class PromotionIT {

  @TempDir private Path folder;

  @BeforeEach
  void firstRun() throws Exception {
    try (Node node = new Node("a")) {
      node.execute(
          "CREATE TABLE item (id int PRIMARY KEY)",
          "CREATE PUBLICATION waltap FOR TABLE item",
          "CREATE ROLE cdc LOGIN REPLICATION",
          "GRANT SELECT ON item TO cdc");
      run(node, SnapshotMode.INITIAL);
    }
  }

  /** A server with its data in a folder of that name. */
  private final class Node implements AutoCloseable {
    private final EmbeddedPostgres postgres;

    Node(String name) throws IOException {
      EmbeddedPostgres.Builder builder =
          EmbeddedPostgres.builder()
              .setDataDirectory(folder.resolve(name))
              .setCleanDataDirectory(false);
      PostgresServer.SETTINGS.forEach(builder::setServerConfig);
      postgres = builder.start();
    }

    void execute(String... statements) throws SQLException {
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement()) {
        for (String sql : statements) {
          statement.execute(sql);
        }
      }
    }

    String value(String query) throws SQLException {
      try (Connection connection = postgres.getPostgresDatabase().getConnection();
          Statement statement = connection.createStatement();
          ResultSet row = statement.executeQuery(query)) {
        row.next();
        return row.getString(1);
      }
    }

    CdcConfig config(SnapshotMode mode) {
      return CdcConfig.builder()
          .url("jdbc:postgresql://localhost:" + postgres.getPort() + "/postgres")
          .user("cdc")
          .password("none")
          .offsetFile(folder.resolve("offset"))
          .snapshotMode(mode)
          .build();
    }

    @Override
    public void close() throws IOException {
      postgres.close();
    }
  }

  /** As after a failure of its primary: with the same data, on the next timeline. */
  private Node promoted(String name) throws Exception {
    Files.createFile(folder.resolve(name).resolve("standby.signal"));
    Node node = new Node(name);
    node.execute("SELECT pg_promote()");
    Await.until(
        "the server is promoted", () -> node.value("SELECT pg_is_in_recovery()").equals("f"));
    return node;
  }

  /** A backup, taken while the server is down. */
  private void copy(String from, String to) throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve(from))) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(to).resolve(folder.resolve(from).relativize(file));
        Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  /** Runs an engine until it has delivered everything, and gives that. */
  private static List<ChangeEvent<Row>> run(Node node, SnapshotMode mode) throws Exception {
    RecordingListener<Row> listener = new RecordingListener<>();
    try (CdcEngine engine =
        CdcEngine.builder(node.config(mode)).listen(Table.of("public.item"), listener).start()) {
      Lsn now = Lsn.parse(node.value("SELECT pg_current_wal_lsn()"));
      assertThat(engine.awaitProcessed(now, ItemTable.SOON)).isTrue();
    }
    Await.until(
        "the slot is free",
        () -> node.value("SELECT active FROM pg_replication_slots").equals("f"));
    return listener.events();
  }

  @Test
  void goesOnAfterAPromotionAndLosesNothing() throws Exception {
    try (Node node = new Node("a")) {
      node.execute("INSERT INTO item VALUES (1)");
    }
    try (Node node = promoted("a")) {
      node.execute("INSERT INTO item VALUES (2)");
      assertThat(run(node, SnapshotMode.INITIAL))
          .extracting(event -> ((Insert<Row>) event).after().getString("id"))
          .containsExactly("1", "2");
    }
    assertThat(Files.readString(folder.resolve("offset"))).contains("\ntimeline=2\n");
  }

  @Test
  void refusesAServerThatWasPromotedBeforeThePosition() throws Exception {
    copy("a", "b");
    try (Node node = new Node("a")) {
      node.execute("INSERT INTO item SELECT generate_series(1, 10000)");
      run(node, SnapshotMode.INITIAL);
    }
    try (Node node = promoted("b")) {
      node.execute("INSERT INTO item SELECT generate_series(20001, 40000)");
      assertThatThrownBy(() -> run(node, SnapshotMode.INITIAL))
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("the server left that timeline at")
          .hasMessageContaining("fresh snapshot");
      assertThat(run(node, SnapshotMode.WHEN_NEEDED))
          .hasSize(20000)
          .allMatch(Read.class::isInstance);
      assertThat(run(node, SnapshotMode.WHEN_NEEDED)).isEmpty();
    }
  }

  @Test
  void refusesTheServerThatWasNotPromoted() throws Exception {
    copy("a", "b");
    promoted("a").close();
    try (Node node = new Node("a")) {
      run(node, SnapshotMode.INITIAL);
    }
    try (Node node = new Node("b")) {
      assertThatThrownBy(() -> run(node, SnapshotMode.WHEN_NEEDED))
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("belongs to timeline 2, but the server is still on timeline 1");
    }
  }

  @Test
  void refusesABackupThatIsOlderThanThePosition() throws Exception {
    copy("a", "b");
    try (Node node = new Node("a")) {
      node.execute("INSERT INTO item SELECT generate_series(1, 10000)");
      run(node, SnapshotMode.INITIAL);
    }
    try (Node node = new Node("b")) {
      node.execute("INSERT INTO item VALUES (1)");
      assertThatThrownBy(() -> run(node, SnapshotMode.INITIAL))
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("but the server's log ends at");
      assertThat(run(node, SnapshotMode.WHEN_NEEDED)).singleElement().isInstanceOf(Read.class);
    }
  }
}

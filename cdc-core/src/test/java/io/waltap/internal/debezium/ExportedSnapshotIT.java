package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.decode.RowLayout;
import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is altered between the moment of the snapshot and the reading of it. */
class ExportedSnapshotIT {

  private static final TableId ITEM = new TableId("public", "item");

  private TestDatabase database;
  private CdcConfig config;
  private Catalog catalog;
  private Connection replication;

  @BeforeEach
  void createTable() throws SQLException {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, n int) PARTITION BY RANGE (id)",
        "CREATE TABLE part PARTITION OF item FOR VALUES FROM (0) TO (9)",
        "INSERT INTO item VALUES (1, 1)",
        "CREATE PUBLICATION waltap FOR ALL TABLES WITH (publish_via_partition_root = true)");
    config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.user())
            .password(database.password())
            .slot(database.name())
            .build();
    catalog = new Catalog(config);
    replication = Connections.openReplication(config);
  }

  @AfterEach
  void close() throws SQLException {
    replication.close();
    catalog.close();
    database.close();
  }

  private String export() throws SQLException {
    try (Statement statement = replication.createStatement();
        ResultSet slot =
            statement.executeQuery(
                "CREATE_REPLICATION_SLOT " + config.slot() + " LOGICAL pgoutput EXPORT_SNAPSHOT")) {
      slot.next();
      return Objects.requireNonNull(slot.getString("snapshot_name"));
    }
  }

  /** A snapshot, imported and locked until it is closed. */
  private record Open(Connection connection, ExportedSnapshot.Contents contents)
      implements AutoCloseable {
    @Override
    public void close() throws SQLException {
      connection.close();
    }
  }

  private Open open(String snapshot) throws SQLException {
    return open(config, snapshot);
  }

  private Open open(CdcConfig by, String snapshot) throws SQLException {
    Connection connection = Connections.open(by);
    try (Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute(
          "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SET TRANSACTION SNAPSHOT '"
              + snapshot
              + "'");
      Capture capture = new Capture(Set.of(ITEM), true);
      return new Open(connection, ExportedSnapshot.read(connection, by, catalog, capture));
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  @Test
  void aColumnAddedSinceIsNotOfTheSnapshot() throws SQLException {
    String snapshot = export();
    database.execute("ALTER TABLE item ADD COLUMN later int");
    try (Open open = open(snapshot)) {
      RowLayout layout = Objects.requireNonNull(open.contents().layouts().get(ITEM));
      assertThat(layout.columns()).containsExactly("id", "n");
      assertThat(layout.keyColumns()).containsExactly("id");
    }
  }

  @Test
  void aRewrittenTableIsRefusedBecauseItsRowsCannotBeSeen() throws SQLException {
    String snapshot = export();
    database.execute("ALTER TABLE item ALTER COLUMN n TYPE bigint");
    assertThatThrownBy(() -> open(snapshot))
        .isInstanceOf(SQLException.class)
        .hasMessage(
            "part was altered or truncated in the moment in which the snapshot began; start the"
                + " engine again");
  }

  @Test
  void aTableThatCameWhenNobodyLookedIsRefused() throws SQLException {
    database.execute("CREATE TABLE late (id int PRIMARY KEY)");
    String snapshot = export();
    database.execute("CREATE TABLE later (id int PRIMARY KEY)"); // the stream has all of it
    assertThatThrownBy(() -> open(snapshot)).hasMessageStartingWith("late was published");
  }

  @Test
  void toReadTheRootIsEnough() throws SQLException {
    String role = database.name();
    database.execute("CREATE ROLE " + role + " LOGIN", "GRANT SELECT ON item TO " + role);
    CdcConfig limited =
        CdcConfig.builder().url(database.url()).user(role).password("x").slot(role).build();
    try (Open open = open(limited, export())) {
      assertThat(open.contents().layouts()).containsOnlyKeys(ITEM);
    } finally {
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
  }

  @Test
  void whileItIsOpenNobodyAltersItsTablesButEverybodyWrites() throws SQLException {
    String alter = "SET lock_timeout = '50ms'; ALTER TABLE item ALTER COLUMN n TYPE bigint";
    try (Open open = open(export())) {
      assertThat(open.contents().layouts()).containsOnlyKeys(ITEM);
      database.execute("INSERT INTO item VALUES (2, 2)", "DELETE FROM item WHERE id = 1");
      assertThatThrownBy(() -> database.execute(alter)).hasMessageContaining("lock timeout");
    }
    database.execute(alter);
  }
}

package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.config.Configuration;
import io.debezium.jdbc.JdbcConfiguration;
import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How long an answer is waited for, in milliseconds; zero for ever. */
class PatienceIT {

  private TestDatabase database;
  private Session session;

  @BeforeEach
  void openSession() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)", "CREATE PUBLICATION waltap FOR TABLE item");
    CdcConfig config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.user())
            .password(database.password())
            .slot(database.name())
            .build();
    Capture capture = new Capture(Set.of(new TableId("public", "item")), false);
    session = Session.open(config, capture, null);
  }

  @AfterEach
  void endSession() {
    session.end();
    database.close();
  }

  private Connection ofDebezium() throws SQLException {
    return new DebeziumConnections()
        .connect(
            JdbcConfiguration.adapt(
                Configuration.create().with(Session.KEY, session.id()).build()));
  }

  @Test
  void anAnswerFromTheCatalogsTakesAMinuteAtMost() throws SQLException {
    try (Connection connection = ofDebezium()) {
      assertThat(connection.getNetworkTimeout()).isEqualTo(60_000);
    }
  }

  @Test
  void aSnapshotTakesAsLongAsItTakes() throws SQLException {
    try (Connection connection = SnapshotReader.connect(session)) {
      assertThat(connection.getNetworkTimeout()).isZero();
    }
  }

  @Test
  void aSlotAndItsStreamTakeAsLongAsTheyTake() throws SQLException {
    assertThat(session.connect().connection().getNetworkTimeout()).isZero();
  }
}

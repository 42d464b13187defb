package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.testing.TestDatabase;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A slot that comes up between the checks, which found none, and the start of the stream. */
class ForeignSlotIT {

  @Test
  void isNoReasonToLeaveTheSnapshotOut() {
    try (TestDatabase database = TestDatabase.create()) {
      database.execute(
          "CREATE TABLE item (id int PRIMARY KEY)", "CREATE PUBLICATION waltap FOR TABLE item");
      Session session =
          Session.open(
              CdcConfig.builder()
                  .url(database.url())
                  .user(database.user())
                  .password(database.password())
                  .slot(database.name())
                  .build(),
              new Capture(Set.of(new TableId("public", "item")), false),
              null);
      database.execute(
          "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')".formatted(database.name()));
      try {
        assertThatThrownBy(() -> session.connect().startStreaming(new WalPositionLocator()))
            .hasMessageContaining("was created by somebody else in the moment of the start");
      } finally {
        session.end();
        database.execute("SELECT pg_drop_replication_slot('%s')".formatted(database.name()));
      }
    }
  }
}

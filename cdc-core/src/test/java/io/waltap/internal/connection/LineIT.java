package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.SystemProperty;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Waiting for what the server says, on the line of a replication connection. */
class LineIT {

  private static final Duration SHORT = Duration.ofMillis(20);

  private static Line open(boolean plain) throws SQLException {
    PostgresServer server = PostgresServer.shared();
    SystemProperty sockets = SystemProperty.of("waltap.plainSockets", Boolean.toString(plain));
    try {
      return Connections.openLine(
          CdcConfig.builder()
              .url(server.url("postgres"))
              .user(server.user())
              .password(server.password())
              .build());
    } finally {
      sockets.close();
    }
  }

  @Test
  void whatTheServerSaidIsStillThereToRead() throws SQLException {
    Line line = open(false);
    try (Connection connection = line.connection()) {
      assertThat(line.canWait()).isTrue();
      assertThat(line.await(SHORT)).as("nothing was asked").isFalse();
      assertThat(connection.isValid(10)).isTrue();
    }
  }

  @Test
  void onTheDriversOwnSocketsOneCannotWait() throws SQLException {
    Line line = open(true);
    try (Connection connection = line.connection()) {
      assertThat(line.canWait()).isFalse();
      assertThat(line.await(SHORT)).isFalse();
      assertThat(connection.isValid(10)).isTrue();
    }
  }
}

package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.waltap.config.CdcConfig;
import io.waltap.config.SslMode;
import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.SilentLine;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of connection, over a line that falls silent while an answer is waited for. */
class ConnectionsIT {

  private static final Duration ANSWER = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofSeconds(20);

  private enum Kind {
    ORDINARY,
    REPLICATION;

    Connection open(CdcConfig config) throws SQLException {
      return this == ORDINARY
          ? Connections.open(config, ANSWER)
          : Connections.openReplication(config, ANSWER);
    }
  }

  private SilentLine line;
  private CdcConfig config;

  @BeforeEach
  void openLine() {
    PostgresServer server = PostgresServer.shared();
    line = new SilentLine(server);
    config =
        CdcConfig.builder()
            .url(line.url("postgres"))
            .user(server.user())
            .password(server.password())
            .sslMode(SslMode.DISABLE)
            .connectTimeout(ANSWER)
            .build();
  }

  @AfterEach
  void closeLine() {
    line.close();
  }

  private int answersToALogin(Kind kind) throws SQLException {
    try (Connection connection = kind.open(config)) {
      assertThat(connection.isClosed()).isFalse();
      return line.answers();
    }
  }

  private static void ask(Connection connection, String question) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(question);
    }
  }

  private static void assertPasses(Throwable failure) {
    assertThat(Transience.of(failure)).as("%s", failure).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aLoginThatIsNotAnsweredEndsWithItsThread(Kind kind) {
    line.silentAfter(0);
    assertThatThrownBy(() -> kind.open(config)).satisfies(ConnectionsIT::assertPasses);
    Await.until("the driver's thread has ended", () -> !isConnecting());
  }

  private static boolean isConnecting() {
    return Thread.getAllStackTraces().keySet().stream()
        .anyMatch(thread -> thread.getName().contains("JDBC driver connection"));
  }

  @ParameterizedTest
  @EnumSource
  void theLastAnswerOfALoginIsNotWaitedForForEver(Kind kind) throws SQLException {
    line.silentAfter(answersToALogin(kind) - 1);
    assertTimeoutPreemptively(
        LONG,
        () -> assertThatThrownBy(() -> kind.open(config)).satisfies(ConnectionsIT::assertPasses));
  }

  @ParameterizedTest
  @EnumSource
  void anAnswerIsNotWaitedForForEver(Kind kind) throws SQLException {
    line.silentAfter(answersToALogin(kind));
    try (Connection connection = kind.open(config)) {
      assertTimeoutPreemptively(
          LONG,
          () ->
              assertThatThrownBy(() -> ask(connection, "SHOW server_version"))
                  .satisfies(ConnectionsIT::assertPasses));
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoHasPatienceGetsTheAnswer(Kind kind) throws SQLException {
    try (Connection connection = kind.open(config)) {
      Connections.waitForEver(connection);
      assertThat(connection.getNetworkTimeout()).isZero();
      if (kind == Kind.ORDINARY) {
        ask(connection, "SELECT pg_sleep(2)");
      }
    }
  }

  /** So that a snapshot whose reader is gone does not keep its locks for hours. */
  @ParameterizedTest
  @CsvSource({"idle, 10", "interval, 5", "count, 3"})
  void theServerWatchesTheLineToo(String setting, String expected) throws SQLException {
    try (Connection connection = Connections.open(config);
        Statement statement = connection.createStatement();
        ResultSet shown = statement.executeQuery("SHOW tcp_keepalives_" + setting)) {
      shown.next();
      assertThat(shown.getString(1)).isEqualTo(expected);
    }
  }
}

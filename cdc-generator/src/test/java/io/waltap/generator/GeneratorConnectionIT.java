package io.waltap.generator;

import static io.waltap.generator.Run.refused;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The command line and servers that are not there, or do not let it in. */
@Timeout(60)
class GeneratorConnectionIT {

  @Test
  void unreachableServerIsNamed() {
    refused(
        Run.of("--url", "jdbc:postgresql://localhost:1/financial_db?password=x", "--user", "me"),
        "No PostgreSQL answers at localhost:1/financial_db (Connection to localhost:1 refused):"
            + " start the server or correct --url.");
  }

  @Test
  void silentServerIsGivenUpWithinTenSeconds() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long begin = System.nanoTime();
      String place = "127.0.0.1:" + silent.getLocalPort() + "/db";
      refused(
          Run.of("--url", "jdbc:postgresql://" + place, "--user", "me"),
          "No PostgreSQL answers at "
              + place
              + " (Connection attempt timed out): start the server or correct --url.");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
    }
  }

  @Test
  void missingDatabaseIsNamed() {
    PostgresServer server = PostgresServer.shared();
    refused(
        Run.of("--url", server.url("nowhere"), "--user", server.user(), "--password", "postgres"),
        "The database of %s:%d/nowhere does not exist: create it or correct --url."
            .formatted(server.host(), server.port()));
  }

  @Test
  void userWithoutTheRightIsTold() {
    try (TestDatabase database = TestDatabase.create()) {
      database.apply("01-transactions.sql", "04-role.sql");
      Run run = Run.of("--url", database.url(), "--user", "cdc", "--password", "secret");
      database.execute("DROP OWNED BY cdc");
      assertThat(run.err())
          .startsWith("The user 'cdc' may not do this at ")
          .contains("permission denied for table transactions")
          .hasLineCount(1);
      assertThat(run.exitCode()).isEqualTo(1);
    }
  }

  @Test
  void passwordIsAskedForByTheServerTakenFromTheEnvironmentAndNeverShown() throws Exception {
    PostgresServer server = serverThatAsksForPasswords();
    String[] args = {"--url", server.url("postgres"), "--user", "locked", "--count", "10"};
    String place = server.host() + ":" + server.port() + "/postgres";

    assertThat(Run.in(Map.of("PGPASSWORD", "right-one"), args).exitCode()).isZero();
    refused(
        Run.in(Map.of("PGPASSWORD", "wrong-one"), args),
        "PostgreSQL at "
            + place
            + " refuses the user 'locked' (password authentication failed for user \"locked\"):"
            + " correct --user, --password or PGPASSWORD.");
    Run without = Run.of(args);
    assertThat(without.err())
        .startsWith("PostgreSQL at " + place + " refuses the user 'locked' (")
        .endsWith("correct --user, --password or PGPASSWORD." + System.lineSeparator());
    assertThat(without.exitCode()).isEqualTo(1);
  }

  private static PostgresServer serverThatAsksForPasswords() throws SQLException {
    PostgresServer server = PostgresServer.embedded(PostgresServer.SETTINGS);
    try (Connection admin = server.connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("CREATE ROLE locked LOGIN SUPERUSER PASSWORD 'right-one'");
      statement.execute(
          """
          DO $$ BEGIN EXECUTE format('COPY (SELECT unnest(ARRAY[
            ''host all locked all scram-sha-256'', ''host all all all trust''])) TO %L',
            current_setting('hba_file')); END $$""");
      statement.execute("SELECT pg_reload_conf()");
    }
    Await.until("the password is asked for", () -> !connects(server));
    return server;
  }

  private static boolean connects(PostgresServer server) {
    try (Connection connection =
        DriverManager.getConnection(server.url("postgres"), "locked", "wrong-one")) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }
}

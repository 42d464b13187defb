package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.TransactionSchema;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Servers that are not there or refuse, and arguments that make no sense: each one sentence. */
@Timeout(60)
class QuickstartRefusalsIT {

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Test
  void unreachableServerIsNamed() {
    Run run = Run.of("--url", "jdbc:postgresql://localhost:1/financial_db", "--user", "me");
    refused(run, "No PostgreSQL answers at localhost:1 (", "start the server or correct --url.");
  }

  @Test
  void unknownHostIsNamed() {
    Run run = Run.of("--url", "jdbc:postgresql://no-such-host.invalid/db", "--user", "me");
    refused(run, "No PostgreSQL answers at no-such-host.invalid:5432 (", "correct --url.");
  }

  @Test
  void silentServerIsGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      long begin = System.nanoTime();
      String place = "127.0.0.1:" + silent.getLocalPort();
      Run run = Run.of("--url", "jdbc:postgresql://" + place + "/db", "--user", "me");
      refused(run, "No PostgreSQL answers at " + place + " (", "correct --url.");
      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(LIMIT);
    }
  }

  @Test
  void unknownDatabaseIsNamed() {
    PostgresServer server = PostgresServer.shared();
    Run run =
        Run.of("--url", server.url("nowhere"), "--user", server.user(), "--password", "postgres");
    refused(run, "There is no database 'nowhere' at ", "create it or correct --url.");
  }

  @Test
  void serverWithoutTlsIsExplained() {
    try (TestDatabase database = TestDatabase.create()) {
      Run run = Run.of("--url", database.url(), "--user", database.user(), "--sslmode", "require");
      refused(
          run,
          "No encrypted connection to ",
          "with --sslmode require (",
          "or give --sslmode prefer if you trust the network.");
    }
  }

  @Test
  void wrongPasswordIsToldAndNotShown() throws SQLException {
    PostgresServer server = serverThatAsksForPasswords();
    String[] args = {"--url", server.url("postgres"), "--user", "locked", "--duration", "1s"};
    Run wrong = Run.in(Map.of("PGPASSWORD", "wrong-one"), args);
    refused(
        wrong,
        "PostgreSQL at localhost:" + server.port() + " refuses the user 'locked' (",
        "correct --user, --password or PGPASSWORD.");
    assertThat(wrong.err()).doesNotContain("wrong-one");
    refused(Run.of(args), "refuses the user 'locked' (", "correct --user");
    assertThat(Run.in(Map.of("PGPASSWORD", "right-one"), args).exitCode()).isZero();
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

  @Test
  void roleThatMayNotCaptureIsToldHowToMendIt() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      String role = "r" + database.name();
      database.execute(
          "CREATE ROLE " + role + " LOGIN PASSWORD 'x'", "GRANT ALL ON SCHEMA public TO " + role);
      try {
        TransactionSchema.apply(database.connection());
        database.execute("GRANT ALL ON transactions TO " + role);
        Run run = Run.of("--url", database.url(), "--user", role, "--password", "x");
        assertThat(run.err())
            .startsWith("WalTap cannot start:")
            .contains("REPLICATION")
            .doesNotContain("\tat ");
        assertThat(run.exitCode()).isEqualTo(1);
      } finally {
        database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--user me | --user, --password and --sslmode belong to a server of yours: give its --url"
            + " too.",
        "--url jdbc:postgresql://localhost/db | --url asks for a --user too.",
        "--url nonsense --user me | not a PostgreSQL JDBC URL",
        "--forever --duration 5s | --forever and --duration exclude each other.",
        "--check | --check looks at a server of yours: give its --url.",
        "--check --url jdbc:postgresql://localhost/db | --url asks for a --user too.",
        "--check --url jdbc:postgresql://localhost/db --user me --slot Bad | slot",
        "--slot mine | --publication and --slot need --check.",
        "--duration soon | 'soon' is not a duration",
        "--rate many | 'many' is not a number.",
        "--rate -1 | The rate is -1.0: it must be 0 or more.",
        "--sslmode maybe | 'maybe' is no sslmode: write disable, allow, prefer",
        "--pasword=secret1 | There is no option '--pasword': see --help."
      })
  void senselessArgumentsAreRefused(String arguments, String sentence) {
    Run run = Run.of(arguments.split(" ", -1));
    assertThat(run.err()).contains(sentence).doesNotContain("secret1", "Exception");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  private static void refused(Run run, String... parts) {
    assertThat(run.err()).contains(parts).hasLineCount(1);
    assertThat(run.exitCode()).isEqualTo(1);
  }
}

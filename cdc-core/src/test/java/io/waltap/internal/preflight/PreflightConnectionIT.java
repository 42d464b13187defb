package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.config.SslMode;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.testing.PasswordServer;
import io.waltap.testing.PostgresServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Everything that keeps a connection from being made: always one problem, never the password. */
class PreflightConnectionIT {

  private static final PostgresServer SERVER = PasswordServer.start(PostgresServer.SETTINGS);

  private final String at = SERVER.host() + ":" + SERVER.port();
  private final Stage stage = new Stage(SERVER);
  private final String name = stage.name();

  @AfterEach
  void close() {
    stage.close();
  }

  @Test
  void letsTheRightPasswordIn() {
    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void refusesWrongPassword() {
    stage.execute("ALTER ROLE " + name + " NOREPLICATION");

    Preflight.Result result =
        Preflight.run(stage.config().password("Wr0ng-secret").build(), List.of());

    assertThat(result.facts()).isNull();
    assertThat(result.problems())
        .containsExactly(
            new Problem(
                Code.PASSWORD_REFUSED,
                "The server at " + at + " refuses the password of the role " + name + ".",
                "Give the right password, or set it: ALTER ROLE " + name + " PASSWORD '...';"));
  }

  @Test
  void missesPassword() {
    assertProblem(
        Code.PASSWORD_MISSING,
        stage.config().password(""),
        "The server at " + at + " asks for a password, and none is configured.",
        "Configure the password of the role " + name + ".");
  }

  @Test
  void namesRoleThatMayNotLogIn() {
    stage.execute("ALTER ROLE " + name + " NOLOGIN");

    assertProblem(
        Code.LOGIN_REFUSED,
        stage.config(),
        "The server at "
            + at
            + " does not let the role "
            + name
            + " into the database "
            + name
            + ": role \""
            + name
            + "\" is not permitted to log in.",
        "CREATE ROLE "
            + name
            + " LOGIN REPLICATION PASSWORD '...'; or, if there is one, ALTER ROLE "
            + name
            + " LOGIN;");
    stage.execute("ALTER ROLE " + name + " LOGIN;");
    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void namesRoleThatPgHbaRejects() {
    Problem problem = only(stage.config().user("outcast").build());

    assertThat(problem.what())
        .startsWith(
            "The server at "
                + at
                + " does not let the role outcast into the database "
                + name
                + ": pg_hba.conf rejects connection for host ");
    assertThat(problem.remedy())
        .isEqualTo(
            "Add a line to the server's pg_hba.conf: host "
                + name
                + " outcast <address of this machine>/32 scram-sha-256, then SELECT"
                + " pg_reload_conf();");
  }

  @Test
  void namesDatabaseThatIsMissing() {
    String missing = "no-" + name;

    assertProblem(
        Code.DATABASE_MISSING,
        stage.config().url(SERVER.url(missing)),
        "There is no database \"" + missing + "\" on the server at " + at + ".",
        "CREATE DATABASE \"" + missing + "\";");
    stage.execute("CREATE DATABASE \"" + missing + "\"");
    try {
      assertThat(
              Preflight.run(stage.config().url(SERVER.url(missing)).build(), List.of()).problems())
          .extracting(Problem::what)
          .containsExactly("The publication " + name + " does not exist.");
    } finally {
      stage.execute("DROP DATABASE \"" + missing + "\" WITH (FORCE)");
    }
  }

  @Test
  void asksForTheRightToConnect() {
    stage.execute("REVOKE CONNECT ON DATABASE " + name + " FROM PUBLIC");

    assertProblem(
        Code.NO_CONNECT_RIGHT,
        stage.config(),
        "The role " + name + " may not connect to the database " + name + ".",
        "GRANT CONNECT ON DATABASE " + name + " TO " + name + ";");
    stage.execute("GRANT CONNECT ON DATABASE " + name + " TO " + name + ";");
    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void namesTheLimitOfConnectionsOfTheRole() {
    stage.execute("ALTER ROLE " + name + " CONNECTION LIMIT 0");

    assertProblem(
        Code.TOO_MANY_CONNECTIONS,
        stage.config(),
        "The server at " + at + " is full: too many connections for role \"" + name + "\".",
        "ALTER ROLE " + name + " CONNECTION LIMIT -1;");
    stage.execute("ALTER ROLE " + name + " CONNECTION LIMIT -1;");
    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void namesTheLimitOfConnectionsOfTheDatabase() {
    stage.execute("ALTER DATABASE " + name + " CONNECTION LIMIT 0");

    assertProblem(
        Code.TOO_MANY_CONNECTIONS,
        stage.config(),
        "The server at " + at + " is full: too many connections for database \"" + name + "\".",
        "ALTER DATABASE " + name + " CONNECTION LIMIT -1;");
    stage.execute("ALTER DATABASE " + name + " CONNECTION LIMIT -1;");
    assertThat(stage.problems("public.orders")).isEmpty();
  }

  @Test
  void saysThatTheServerHasNoTls() {
    assertProblem(
        Code.TLS_FAILED,
        stage.config().sslMode(SslMode.VERIFY_FULL),
        "No encrypted connection to "
            + at
            + " with sslMode verify-full: The server does not support SSL.",
        "Set up TLS on the server (ssl = on, with a certificate that sslRootCertificate vouches"
            + " for), or choose a lower sslMode.");
  }

  @Test
  void namesHostThatIsUnknown() {
    assertProblem(
        Code.HOST_UNKNOWN,
        stage.config().url("jdbc:postgresql://nowhere.invalid:5432/db"),
        "The host nowhere.invalid is unknown.",
        "Correct the host in the URL, or the name service of this machine.");
  }

  @Test
  void namesPortWhereNothingListens() throws IOException {
    int closed;
    try (ServerSocket socket = new ServerSocket(0)) {
      closed = socket.getLocalPort();
    }

    assertProblem(
        Code.SERVER_UNREACHABLE,
        stage.config().url("jdbc:postgresql://localhost:" + closed + "/db"),
        "Nothing accepts connections at localhost:" + closed + ".",
        "Start the server, correct host and port in the URL, or let the server listen there"
            + " (listen_addresses, port).");
  }

  @Test
  void givesUpOnServerThatSaysNothing() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String address = silent.getInetAddress().getHostAddress() + ":" + silent.getLocalPort();
      long start = System.nanoTime();

      Problem problem =
          only(
              stage
                  .config()
                  .url("jdbc:postgresql://" + address + "/db")
                  .connectTimeout(Duration.ofSeconds(1))
                  .build());

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
      assertThat(problem.what())
          .startsWith("The server at " + address + " did not let us in within 1 s: ");
      assertThat(problem.remedy())
          .isEqualTo(
              "Make sure that a PostgreSQL server is there and that no firewall is in between, or"
                  + " raise connectTimeout.");
    }
  }

  @Test
  void neverShowsThePassword() {
    stage.execute("ALTER ROLE " + name + " CONNECTION LIMIT 0");
    stage.execute("ALTER ROLE " + name + " PASSWORD 'connections'");

    Problem problem = only(stage.config().password("connections").build());

    assertThat(problem.what())
        .isEqualTo("The server at " + at + " is full: too many *** for role \"" + name + "\".");
  }

  private static void assertProblem(
      Code code, CdcConfig.Builder config, String what, String remedy) {
    assertThat(only(config.build())).isEqualTo(new Problem(code, what, remedy));
  }

  private static Problem only(CdcConfig config) {
    List<Problem> problems = Preflight.run(config, List.of()).problems();
    assertThat(problems).hasSize(1);
    return problems.get(0);
  }
}

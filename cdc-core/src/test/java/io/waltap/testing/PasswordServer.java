package io.waltap.testing;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/**
 * A server of embedded binaries that asks everybody for a password (those binaries alone trust
 * everybody) and lets the role {@code outcast} in nowhere.
 */
public final class PasswordServer {

  private PasswordServer() {}

  /** Starts one; it ends with the JVM. */
  public static PostgresServer start(Map<String, String> settings) {
    PostgresServer server = PostgresServer.embedded(settings);
    try (Connection admin = server.connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("ALTER ROLE postgres PASSWORD '" + server.password() + "'");
      statement.execute(
          """
          DO $$ BEGIN
            EXECUTE format(
              'COPY (VALUES (''host all outcast all reject''), (''host all all all scram-sha-256''))'
              ' TO %L', current_setting('hba_file'));
          END $$""");
      statement.execute("SELECT pg_reload_conf()");
      // Reloading is asynchronous: it is done when nobody gets in without a password.
      Await.until("the server asks for passwords", () -> refuses(server));
      return server;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean refuses(PostgresServer server) {
    try (Connection connection =
        DriverManager.getConnection(server.url("postgres"), server.user(), "wrong")) {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }
}

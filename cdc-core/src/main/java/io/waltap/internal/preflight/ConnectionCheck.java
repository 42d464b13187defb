package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.config.SslMode;
import io.waltap.internal.connection.PasswordException;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.sql.SQLException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/**
 * Says why no connection was made. Goes by SQLSTATE and by kinds of exceptions, since messages come
 * in the language of the server or of the JVM.
 */
final class ConnectionCheck {

  private final CdcConfig config;
  private final SQLException failure;
  private final String server;
  private final String role;
  private final String database;

  private ConnectionCheck(CdcConfig config, SQLException failure) {
    this.config = config;
    this.failure = failure;
    this.server = config.host() + ":" + config.port();
    this.role = Names.quote(config.user());
    this.database = Names.quote(config.database());
  }

  static Problem problem(CdcConfig config, SQLException failure) {
    return new ConnectionCheck(config, failure).problem();
  }

  private Problem problem() {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    if (failure instanceof PasswordException) {
      return new Problem(
          Code.PASSWORD_MISSING,
          "There is no password for the role " + role + ": " + failure.getMessage() + ".",
          "Mend what gives the password; it is asked for by each new connection.");
    }
    Problem tls = TlsCheck.problem(config, failure);
    if (tls != null) {
      return tls;
    }
    if (has(SSLException.class)) {
      return tls();
    }
    return switch (state) {
      case "28P01" ->
          new Problem(
              Code.PASSWORD_REFUSED,
              "The server at " + server + " refuses the password of the role " + role + ".",
              "Give the right password, or set it: ALTER ROLE " + role + " PASSWORD '...';");
      case "28000" -> rejected();
      case "3D000" ->
          new Problem(
              Code.DATABASE_MISSING,
              "There is no database " + database + " on the server at " + server + ".",
              "CREATE DATABASE " + database + ";");
      case "42501" ->
          new Problem(
              Code.NO_CONNECT_RIGHT,
              "The role " + role + " may not connect to the database " + database + ".",
              "GRANT CONNECT ON DATABASE " + database + " TO " + role + ";");
      case "53300" -> crowded();
      case "08004" -> refusedByDriver();
      case "08001", "08006" -> unreachable();
      default -> other();
    };
  }

  private Problem rejected() {
    // The role itself is unknown or may not log in; everything else comes from pg_hba.conf.
    String remedy =
        "InitializeSessionUserId".equals(routine())
            ? "CREATE ROLE "
                + role
                + " LOGIN REPLICATION PASSWORD '...'; or, if there is one, "
                + "ALTER ROLE "
                + role
                + " LOGIN;"
            : "Add a line to the server's pg_hba.conf: host "
                + database
                + " "
                + role
                + " <address of this machine>/32 scram-sha-256, then SELECT pg_reload_conf();";
    return new Problem(
        Code.LOGIN_REFUSED,
        "The server at "
            + server
            + " does not let the role "
            + role
            + " into the database "
            + database
            + ": "
            + said()
            + ".",
        remedy);
  }

  private Problem crowded() {
    String remedy =
        switch (routine()) {
          case "InitializeSessionUserId" -> "ALTER ROLE " + role + " CONNECTION LIMIT -1;";
          case "CheckMyDatabase" -> "ALTER DATABASE " + database + " CONNECTION LIMIT -1;";
          default -> "Close connections that nobody needs, or raise max_connections.";
        };
    return new Problem(
        Code.TOO_MANY_CONNECTIONS, "The server at " + server + " is full: " + said() + ".", remedy);
  }

  private Problem refusedByDriver() {
    if (password(config).isEmpty()) {
      return new Problem(
          Code.PASSWORD_MISSING,
          "The server at " + server + " asks for a password, and none is configured.",
          "Configure the password of the role " + role + ".");
    }
    return config.sslMode().compareTo(SslMode.REQUIRE) >= 0 ? tls() : other();
  }

  private Problem tls() {
    return new Problem(
        Code.TLS_FAILED,
        "No encrypted connection to "
            + server
            + " with sslMode "
            + config.sslMode().word()
            + ": "
            + said()
            + ".",
        "Set up TLS on the server (ssl = on, with a certificate that sslRootCertificate vouches"
            + " for), or choose a lower sslMode.");
  }

  private Problem unreachable() {
    if (has(UnknownHostException.class)) {
      return new Problem(
          Code.HOST_UNKNOWN,
          "The host " + config.host() + " is unknown.",
          "Correct the host in the URL, or the name service of this machine.");
    }
    if (has(ConnectException.class)) {
      return new Problem(
          Code.SERVER_UNREACHABLE,
          "Nothing accepts connections at " + server + ".",
          "Start the server, correct host and port in the URL, or let the server listen there"
              + " (listen_addresses, port).");
    }
    return new Problem(
        Code.SERVER_UNREACHABLE,
        "The server at "
            + server
            + " did not let us in within "
            + config.connectTimeout().toSeconds()
            + " s: "
            + said()
            + ".",
        "Make sure that a PostgreSQL server is there and that no firewall is in between, or raise"
            + " connectTimeout.");
  }

  private Problem other() {
    return new Problem(
        Code.CONNECTION_FAILED,
        "No connection to " + server + ": " + said() + ".",
        "Mend what the server says, then start again.");
  }

  private boolean has(Class<? extends Throwable> kind) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }

  /** The function of the server that reported the error: the same in every language. */
  private String routine() {
    String routine =
        failure instanceof PSQLException e && e.getServerErrorMessage() != null
            ? e.getServerErrorMessage().getRoutine()
            : null;
    return routine == null ? "" : routine;
  }

  private String said() {
    return said(failure, config);
  }

  /** What server or driver said, on one line, without its last full stop and without password. */
  static String said(SQLException failure, CdcConfig config) {
    String said = failure instanceof PSQLException e ? text(e) : failure.getMessage();
    String line = said == null ? "no reason given" : said.lines().findFirst().orElse("");
    return scrub(line.replaceFirst("\\.$", ""), config);
  }

  private static @Nullable String text(PSQLException e) {
    return e.getServerErrorMessage() == null
        ? e.getMessage()
        : e.getServerErrorMessage().getMessage();
  }

  /** A password that equals a name which the sentence shows anyway is no secret to keep here. */
  private static String scrub(String text, CdcConfig config) {
    String password = password(config);
    boolean shown = password.equals(config.user()) || password.equals(config.database());
    return password.isEmpty() || shown ? text : text.replace(password, "***");
  }

  private static String password(CdcConfig config) {
    try {
      return config.password();
    } catch (IllegalStateException e) {
      return "";
    }
  }
}

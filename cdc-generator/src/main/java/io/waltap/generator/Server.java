package io.waltap.generator;

import java.sql.BatchUpdateException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;

/** Where the command line writes to, and what its refusals mean. Never shows the password. */
final class Server {

  private static final String SCHEME = "jdbc:postgresql:";
  private static final String LOGIN_SECONDS = "5";

  private final String url;
  private final String user;
  private final @Nullable String password;

  /**
   * @throws IllegalArgumentException if the URL is not one of PostgreSQL's
   */
  Server(String url, String user, @Nullable String password) {
    if (!url.startsWith(SCHEME) || !known(url)) {
      throw new IllegalArgumentException(
          "The URL is not one of PostgreSQL: write it like"
              + " jdbc:postgresql://localhost:5432/financial_db.");
    }
    this.url = url;
    this.user = user;
    this.password = password;
  }

  /** The driver itself complains about a malformed URL by quoting it, password and all. */
  private static boolean known(String url) {
    try {
      return DriverManager.getDriver(url) != null;
    } catch (SQLException e) {
      return false;
    }
  }

  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    if (password != null) {
      properties.setProperty("password", password);
    }
    properties.setProperty("ApplicationName", "WalTap generator");
    // Bounds all of it: host by host, with and without TLS.
    properties.setProperty("loginTimeout", LOGIN_SECONDS);
    properties.setProperty("tcpKeepAlive", "true");
    // What makes a batch one statement with many rows.
    properties.setProperty("reWriteBatchedInserts", "true");
    return inUtc(DriverManager.getConnection(url, properties));
  }

  /** Or else a column with a time zone would get other instants on machines in other zones. */
  private static Connection inUtc(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  /** Whether the answer to a commit may have been lost. */
  static boolean isLost(SQLException failure) {
    String state = stateOf(failure);
    return state.startsWith("08") || state.startsWith("57P");
  }

  private static String stateOf(SQLException failure) {
    return failure.getSQLState() == null ? "" : failure.getSQLState();
  }

  /** One sentence with the remedy. */
  String explain(SQLException refusal) {
    SQLException failure = withoutRows(refusal);
    return switch (stateOf(failure)) {
      case "08001" ->
          "No PostgreSQL answers at %s (%s): start the server or correct --url."
              .formatted(place(), reason(failure));
      case "28P01", "28000", "08004" ->
          "PostgreSQL at %s refuses the user '%s' (%s): correct --user, --password or PGPASSWORD."
              .formatted(place(), user, reason(failure));
      case "3D000" -> "The database of " + place() + " does not exist: create it or correct --url.";
      case "23505" ->
          isOfTransactions(failure)
              ? "A row of this --seed is in public.transactions already: use another --seed or"
                  + " delete it."
              : other(failure);
      case "53100" ->
          "The disk of %s is full (%s): free some, such as WAL that an idle replication slot holds."
              .formatted(place(), reason(failure));
      case "42501" ->
          "The user '%s' may not do this at %s (%s): grant it or use another --user."
              .formatted(user, place(), reason(failure));
      default -> isLost(failure) ? lost(failure) : other(failure);
    };
  }

  /** The driver quotes the statement that failed in a batch, with thousands of values. */
  private static SQLException withoutRows(SQLException failure) {
    return failure instanceof BatchUpdateException && failure.getCause() instanceof SQLException own
        ? own
        : failure;
  }

  private static boolean isOfTransactions(SQLException failure) {
    return failure instanceof PSQLException own
        && own.getServerErrorMessage() != null
        && "transactions".equals(own.getServerErrorMessage().getTable());
  }

  private String lost(SQLException failure) {
    return "The connection to %s is broken (%s): look at the server and start again."
        .formatted(place(), reason(failure));
  }

  private String other(SQLException failure) {
    return "PostgreSQL at %s did not do it (%s): mend that and start again."
        .formatted(place(), reason(failure));
  }

  /** The first sentence, as a part of one of ours. */
  private static String reason(SQLException failure) {
    String message = failure.getMessage() == null ? "no reason given" : failure.getMessage();
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^[A-Z]+: ", "")
        .replaceFirst("\\.( .*)?$", "");
  }

  /** Host, port and database; without parameters and user info, which may hold a password. */
  private String place() {
    String address = url.substring(SCHEME.length()).replaceFirst("\\?.*", "");
    return address.replaceFirst("^/*(.*@)?", "");
  }
}

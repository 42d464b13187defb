package io.waltap.internal.connection;

import io.waltap.config.CdcConfig;
import io.waltap.config.SslMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens connections to the configured server, all of them with the same session settings.
 *
 * <p><b>What bounds the wait on a line that has gone dead without a word,</b> or on a server that
 * is there and says nothing:
 *
 * <ul>
 *   <li>A login: the configured {@code connectTimeout}.
 *   <li>An answer that has to be quick: {@link #ANSWER}, and {@link #CATALOG_ANSWER} for what
 *       Debezium asks. Counted from the last that was heard.
 *   <li>The stream: the heartbeat, which sees more than a line can.
 *   <li>Where the wait may be long and right ({@link #waitForEver}), which is the rows of a
 *       snapshot and a slot that waits for transactions: {@link KeepAliveSockets}, 25 s if nothing
 *       was under way to the server; else, and for a stream without heartbeats, whose status always
 *       is, the operating system's patience to repeat it. A server that is stopped there cannot be
 *       told from one that works.
 * </ul>
 */
public final class Connections {

  /**
   * Pins what decides how PostgreSQL prints a value, so that a row reads the same in the snapshot
   * and in the stream, whatever the role or the database were set to.
   */
  private static final String SESSION_OPTIONS =
      "-c DateStyle=ISO -c IntervalStyle=postgres -c bytea_output=hex"
          + " -c extra_float_digits=1 -c lc_monetary=C"
          // The connection that created a slot is in a transaction as long as its snapshot is read.
          + " -c idle_in_transaction_session_timeout=0";

  /**
   * The server watches the line as we do: without that a snapshot whose reader is gone would keep
   * its locks for hours.
   */
  private static final String SERVER_KEEP_ALIVE =
      " -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3";

  /** The driver asks for the JVM's zone when it connects, which outranks the options above. */
  private static final String SET_TIME_ZONE = "SET TimeZone TO 'UTC'";

  /** Of version 17 on; a snapshot takes as long as it takes. */
  private static final String SET_NO_END = "SET transaction_timeout = 0";

  private static final int KNOWS_TRANSACTION_TIMEOUT = 17;

  /**
   * A system property: {@code true} leaves the driver its own sockets, should ours not do on some
   * platform.
   */
  private static final String PLAIN_SOCKETS = "waltap.plainSockets";

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private static final Duration ANSWER = Duration.ofSeconds(10);

  /** How the tables look is one question for each of them, or for all of a large database. */
  private static final Duration CATALOG_ANSWER = Duration.ofSeconds(60);

  private Connections() {}

  /** Logs one warning if somebody between this machine and the server could read or forge. */
  public static void warnIfUnprotected(CdcConfig config) {
    if (config.sslMode() != SslMode.VERIFY_FULL && !config.isLoopback()) {
      LOG.warn(
          "{}: with sslMode {} the connections to {} are not safe from somebody in between; use"
              + " verify-full, with the certificate of the server's authority as"
              + " sslRootCertificate",
          config.name(),
          config.sslMode().word(),
          config.host());
    }
  }

  /**
   * An ordinary connection. An answer that takes longer than {@link #CATALOG_ANSWER} is an error,
   * until {@link #waitForEver}.
   */
  public static Connection open(CdcConfig config) throws SQLException {
    return open(config, CATALOG_ANSWER);
  }

  /**
   * A connection for short questions: an answer that takes longer than {@link #ANSWER} is an error,
   * so that a server that is there no more cannot hold up who asks.
   */
  public static Connection ask(CdcConfig config) throws SQLException {
    return open(config, ANSWER);
  }

  static Connection open(CdcConfig config, Duration answer) throws SQLException {
    return connect(config, answer, new Properties());
  }

  /**
   * A connection that speaks the replication protocol for the configured database; it waits for an
   * answer as {@link #ask} does, until {@link #waitForEver}.
   */
  public static Connection openReplication(CdcConfig config) throws SQLException {
    return openReplication(config, ANSWER);
  }

  static Connection openReplication(CdcConfig config, Duration answer) throws SQLException {
    return connect(config, answer, replication());
  }

  /** The same, for a stream. */
  public static Line openLine(CdcConfig config) throws SQLException {
    String key = UUID.randomUUID().toString();
    Properties properties = replication();
    PGProperty.SOCKET_FACTORY_ARG.set(properties, key);
    AtomicReference<WaitingSocket> socket = KeepAliveSockets.want(key);
    try {
      return new Line(connect(config, ANSWER, properties), socket.get());
    } finally {
      KeepAliveSockets.forget(key);
    }
  }

  private static Properties replication() {
    Properties properties = new Properties();
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    return properties;
  }

  /** From now on an answer may take as long as the line lives; see above for how long that is. */
  public static void waitForEver(Connection connection) throws SQLException {
    connection.setNetworkTimeout(Runnable::run, 0);
  }

  private static Connection connect(CdcConfig config, Duration answer, Properties properties)
      throws SQLException {
    PGProperty.USER.set(properties, config.user());
    PGProperty.PASSWORD.set(properties, password(config));
    PGProperty.APPLICATION_NAME.set(properties, "WalTap " + config.name());
    PGProperty.OPTIONS.set(properties, SESSION_OPTIONS + SERVER_KEEP_ALIVE);
    PGProperty.TCP_KEEP_ALIVE.set(properties, true);
    PGProperty.SOCKET_TIMEOUT.set(properties, (int) answer.toSeconds());
    setSockets(properties);
    PGProperty.CONNECT_TIMEOUT.set(properties, (int) config.connectTimeout().toSeconds());
    PGProperty.LOGIN_TIMEOUT.set(properties, (int) config.connectTimeout().toSeconds());
    PGProperty.SSL_MODE.set(properties, config.sslMode().word());
    setFile(properties, PGProperty.SSL_ROOT_CERT, config.sslRootCertificate());
    setFile(properties, PGProperty.SSL_CERT, config.sslCertificate());
    setFile(properties, PGProperty.SSL_KEY, config.sslKey());
    Connection connection = new Driver().connect(config.url(), properties);
    if (connection == null) {
      throw new SQLException("not a PostgreSQL URL: " + config.url(), "08001");
    }
    return prepared(connection);
  }

  private static void setSockets(Properties properties) {
    if (Boolean.getBoolean(PLAIN_SOCKETS)) {
      KeepAliveSockets.warnOfPatience("the system property " + PLAIN_SOCKETS + " says so");
    } else if (KeepAliveSockets.isSeenFrom(Driver.class.getClassLoader())) {
      PGProperty.SOCKET_FACTORY.set(properties, KeepAliveSockets.class.getName());
    } else {
      KeepAliveSockets.warnOfPatience("the driver has a class loader that does not see WalTap");
    }
  }

  private static String password(CdcConfig config) throws SQLException {
    try {
      return config.password();
    } catch (IllegalStateException e) {
      throw new PasswordException(String.valueOf(e.getMessage()), e);
    }
  }

  private static Connection prepared(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SET_TIME_ZONE);
      if (connection.getMetaData().getDatabaseMajorVersion() >= KNOWS_TRANSACTION_TIMEOUT) {
        statement.execute(SET_NO_END);
      }
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void setFile(Properties properties, PGProperty property, @Nullable Path file) {
    if (file != null) {
      property.set(properties, file.toString());
    }
  }
}

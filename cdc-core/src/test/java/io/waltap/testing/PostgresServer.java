package io.waltap.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * The server that all tests of this JVM share: {@code -Dwaltap.test.url} (with {@code .user} and
 * {@code .password}) if given, else a container if a Docker engine answers, else embedded binaries.
 */
public final class PostgresServer {

  /**
   * What logical decoding needs, and what keeps latencies honest. The time zone is odd on purpose.
   */
  public static final Map<String, String> SETTINGS =
      Map.of(
          "wal_level", "logical",
          "max_replication_slots", "40",
          "max_wal_senders", "40",
          "max_connections", "200",
          "synchronous_commit", "on",
          "timezone", "America/St_Johns");

  private static final class Holder {
    static final PostgresServer SHARED = choose();
  }

  private final String host;
  private final int port;
  private final String user;
  private final String password;

  private PostgresServer(String host, int port, String user, String password) {
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  /** The server of this JVM, started when first asked for. */
  public static PostgresServer shared() {
    return Holder.SHARED;
  }

  private static PostgresServer choose() {
    String url = System.getProperty("waltap.test.url");
    if (url != null) {
      return announce("the given server", given(url));
    }
    if (dockerAnswers()) {
      return announce("a container", container());
    }
    return announce("embedded binaries", embedded(SETTINGS));
  }

  private static PostgresServer announce(String kind, PostgresServer server) {
    System.out.println("Tests run on " + kind + ": " + server.url("postgres"));
    return server;
  }

  private static PostgresServer given(String url) {
    java.net.URI uri = java.net.URI.create(url.substring("jdbc:".length()));
    return new PostgresServer(
        uri.getHost(),
        uri.getPort() < 0 ? 5432 : uri.getPort(),
        System.getProperty("waltap.test.user", "postgres"),
        System.getProperty("waltap.test.password", "postgres"));
  }

  private static boolean dockerAnswers() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException e) {
      return false;
    }
  }

  @SuppressWarnings("resource") // lives as long as the JVM; Testcontainers removes it
  private static PostgresServer container() {
    StringBuilder command = new StringBuilder("postgres");
    new TreeMap<>(SETTINGS)
        .forEach((k, v) -> command.append(" -c ").append(k).append('=').append(v));
    PostgreSQLContainer postgres =
        new PostgreSQLContainer("postgres:18").withCommand(command.toString());
    postgres.start();
    return new PostgresServer(
        postgres.getHost(),
        postgres.getMappedPort(5432),
        postgres.getUsername(),
        postgres.getPassword());
  }

  /** Another server of embedded binaries with settings of its own; it ends with the JVM. */
  public static PostgresServer embedded(Map<String, String> settings) {
    try {
      EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder();
      settings.forEach(builder::setServerConfig);
      return new PostgresServer("localhost", builder.start().getPort(), "postgres", "postgres");
    } catch (IOException e) {
      throw new UncheckedIOException("embedded PostgreSQL did not start", e);
    }
  }

  /** The JDBC URL of one of its databases. */
  public String url(String database) {
    return "jdbc:postgresql://" + host + ":" + port + "/" + database;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  /** A superuser. */
  public String user() {
    return user;
  }

  public String password() {
    return password;
  }

  /** A connection of the superuser. */
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database), user, password);
  }
}

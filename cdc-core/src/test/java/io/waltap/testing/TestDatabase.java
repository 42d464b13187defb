package io.waltap.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A database of its own for one test; closing it drops it with its slots. */
public final class TestDatabase implements AutoCloseable {

  private final PostgresServer server;
  private final String name;
  private final Connection connection;

  private TestDatabase(PostgresServer server, String name) {
    this.server = server;
    this.name = name;
    try {
      try (Connection admin = server.connect("postgres");
          Statement statement = admin.createStatement()) {
        statement.execute("CREATE DATABASE " + name);
      }
      this.connection = server.connect(name);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** An empty database on the shared server. */
  public static TestDatabase create() {
    return createOn(PostgresServer.shared());
  }

  /** An empty database on the given server. */
  public static TestDatabase createOn(PostgresServer server) {
    return new TestDatabase(server, "t" + UUID.randomUUID().toString().replace("-", ""));
  }

  public String name() {
    return name;
  }

  public String url() {
    return server.url(name);
  }

  public String user() {
    return server.user();
  }

  public String password() {
    return server.password();
  }

  /** The superuser's connection, in autocommit mode. */
  public Connection connection() {
    return connection;
  }

  /** Another connection of the superuser. */
  public Connection connect() throws SQLException {
    return server.connect(name);
  }

  /** Runs statements, each in a transaction of its own. */
  public void execute(String... statements) {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Runs scripts of the project's {@code sql} folder, given by file name. */
  public void apply(String... scripts) {
    for (String script : scripts) {
      execute(script(script));
    }
  }

  private static String script(String name) {
    try (InputStream in = TestDatabase.class.getResourceAsStream("/sql/" + name)) {
      if (in == null) {
        throw new IllegalArgumentException("no script " + name + " in sql/");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first column of every row, as text. */
  public List<@Nullable String> column(String query) {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      List<@Nullable String> values = new ArrayList<>();
      while (rows.next()) {
        values.add(rows.getString(1));
      }
      return values;
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The only value of a query, as text; not null. */
  public String value(String query) {
    return Objects.requireNonNull(column(query).get(0), query);
  }

  @Override
  public void close() {
    try (connection) {
      Await.until(
          "the slots of " + name + " are free",
          () -> {
            execute(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                    + " WHERE database = current_database() AND NOT active");
            return column(
                    "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")
                .isEmpty();
          });
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    try (Connection admin = server.connect("postgres");
        Statement statement = admin.createStatement()) {
      statement.execute("DROP DATABASE " + name + " WITH (FORCE)");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}

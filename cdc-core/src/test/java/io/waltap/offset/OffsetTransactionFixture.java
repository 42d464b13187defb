package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A store whose transactions a listener works in, and effects that can be counted. */
abstract class OffsetTransactionFixture extends OffsetTableFixture {

  JdbcOffsetStore store;

  @BeforeEach
  void open() throws IOException {
    database.execute("CREATE TABLE effect (n int)");
    store = store("a");
    store.open();
    store.save(offset("0/1"));
  }

  @AfterEach
  void close() {
    store.close();
  }

  static void effect(JdbcOffsetStore store, int n) throws IOException, SQLException {
    run(store.connection(), "INSERT INTO effect VALUES (" + n + ")");
  }

  static void run(Connection connection, String... statements) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  /** What others see. */
  void assertDurable(String lsn, Integer... effects) {
    assertThat(column("lsn")).isEqualTo(lsn);
    assertThat(database.column("SELECT n FROM effect ORDER BY n"))
        .containsExactly(
            java.util.Arrays.stream(effects).map(String::valueOf).toArray(String[]::new));
  }

  /** Ends all other sessions of the database. */
  void endSessions() {
    database.execute(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
            + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
  }

  void awaitSessions(String what, String condition, int count) {
    Await.until(
        what,
        () ->
            database
                .value(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid() AND "
                        + condition)
                .equals(String.valueOf(count)));
  }
}

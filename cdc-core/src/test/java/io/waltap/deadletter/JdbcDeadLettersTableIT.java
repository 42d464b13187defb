package io.waltap.deadletter;

import static io.waltap.deadletter.JdbcDeadLetters.Standing.PARKED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.deadletter.JdbcDeadLetters.Change;
import io.waltap.deadletter.JdbcDeadLetters.ConnectionSource;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.testing.Await;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The table that has to be there, the rights that are needed, and lines that break. */
class JdbcDeadLettersTableIT extends LettersFixture {

  private static final String PASSWORD = "zebra-crossing-4711";

  @Test
  void asksForItsTable() {
    try (JdbcDeadLetters letters = builder("a").build()) {
      assertThatThrownBy(letters::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(
              "the dead letter table waltap_dead_letter (engine \"a\") cannot be used")
          .hasMessageContaining(
              "have it created with createTable(): CREATE TABLE \"waltap_dead_letter\"")
          .hasCauseInstanceOf(SQLException.class);
      assertThatThrownBy(letters::count).hasMessageContaining("cannot be read");
    }
  }

  @Test
  void theStatementOfTheMessageMakesTheTable() throws IOException {
    try (JdbcDeadLetters letters = builder("a").build()) {
      assertThatThrownBy(letters::open)
          .satisfies(
              e ->
                  database.execute(
                      String.valueOf(e.getMessage()).replaceFirst("(?s).*\\(\\): ", "")));
      assertThat(letters.open()).isEmpty();
      park(letters, change(1, 1, "k"));
      assertThat(letters.count()).isEqualTo(1);
    }
  }

  @Test
  void asksForTheRightTable() {
    for (String wrong :
        List.of(
            "CREATE TABLE waltap_dead_letter (id int)",
            "CREATE TABLE waltap_dead_letter AS TABLE good",
            "CREATE TABLE waltap_dead_letter (LIKE good INCLUDING ALL);"
                + " ALTER TABLE waltap_dead_letter DROP parked_at")) {
      try (JdbcDeadLetters good = builder("a").table("good").createTable().build();
          JdbcDeadLetters letters = builder("a").build()) {
        assertThat(good.count()).isZero();
        database.execute("DROP TABLE IF EXISTS waltap_dead_letter", wrong);
        assertThatThrownBy(letters::open)
            .as(wrong)
            .isInstanceOf(IOException.class)
            .hasMessageContaining("name a table that was made for dead letters: CREATE TABLE");
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Test
  void takesATableOfAnyName() throws IOException {
    database.execute("CREATE SCHEMA \"My schema\"");
    String name = "My schema.\"a.b\"\"c\"";
    for (int run = 1; run < 3; run++) {
      try (JdbcDeadLetters letters = builder("a").table(name).createTable().build()) {
        letters.open();
        park(letters, change(run, 1, "k"));
        assertThat(letters.parkBehind(LISTENER, change(run, 2, "k"))).isEqualTo(PARKED);
        letters.discard(letters.list(1).get(0));
      }
    }
    assertThat(database.value("SELECT count(*) FROM \"My schema\".\"a.b\"\"c\"")).isEqualTo("2");
    try (JdbcDeadLetters letters = builder("a").table("it's \"mine\"").createTable().build()) {
      park(letters, change(1, 1, "k"));
    }
    assertThat(database.value("SELECT count(*) FROM \"it's \"\"mine\"\"\"")).isEqualTo("1");
    assertThatIllegalArgumentException().isThrownBy(() -> builder("a").table("a.b.c"));
    assertThatIllegalArgumentException().isThrownBy(() -> builder(" "));
  }

  @Test
  void manyMayCreateItAtOnce() throws Exception {
    int engines = 8;
    ExecutorService threads = Executors.newFixedThreadPool(engines);
    List<JdbcDeadLetters> all = new ArrayList<>();
    try {
      List<Callable<Boolean>> opens = new ArrayList<>();
      for (int i = 0; i < engines; i++) {
        JdbcDeadLetters letters = letters("engine " + i);
        all.add(letters);
        opens.add(() -> letters.open().isEmpty());
      }
      for (Future<Boolean> open : threads.invokeAll(opens)) {
        assertThat(open.get()).isTrue();
      }
    } finally {
      threads.shutdownNow();
      all.forEach(JdbcDeadLetters::close);
    }
  }

  @Test
  void needsNoMoreThanTheRightsItAsksFor() throws Exception {
    String role = database.name();
    database.execute("CREATE ROLE " + role + " LOGIN PASSWORD '" + PASSWORD + "'");
    try (JdbcDeadLetters other = letters("other")) {
      other.open();
    }
    JdbcDeadLetters letters =
        JdbcDeadLetters.builder(
                () -> DriverManager.getConnection(database.url(), role, PASSWORD), "a")
            .createTable()
            .build();
    try (letters) {
      for (String right : List.of("SELECT", "INSERT", "UPDATE", "DELETE")) {
        database.execute(
            "GRANT SELECT, INSERT, UPDATE, DELETE ON waltap_dead_letter TO " + role,
            "REVOKE " + right + " ON waltap_dead_letter FROM " + role);
        assertThatThrownBy(letters::open)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(
                "run GRANT SELECT, INSERT, UPDATE, DELETE ON \"waltap_dead_letter\" TO ")
            .hasMessageNotContaining(PASSWORD);
        database.execute("GRANT " + right + " ON waltap_dead_letter TO " + role);
      }
      assertThat(letters.open()).isEmpty();
      park(letters, change(1, 1, "k"));
      assertThat(letters.parkBehind(LISTENER, change(2, 1, "k"))).isEqualTo(PARKED);
      letters.failedAgain(letters.list(1).get(0), "again", 1);
      assertThat(letters.before(letters.list(2).get(1))).isPresent();
      assertThat(letters.remove(letters.list(1).get(0))).isTrue();
      assertThat(letters.discard(letters.list(1).get(0))).isTrue();
      assertThat(letters.count()).isZero();
    } finally {
      database.execute("DROP OWNED BY " + role, "DROP ROLE " + role);
    }
    assertThat(letters.toString()).doesNotContain(PASSWORD).contains("waltap_dead_letter");
  }

  @Test
  void aRefusalDoesNotQuoteTheRow() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      letters.open();
      database.execute("ALTER TABLE waltap_dead_letter ADD CHECK (image NOT LIKE '%zebra%')");
      Change change = found(1, "k", "zebra");
      assertThatThrownBy(() -> park(letters, change))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not take the read of public.item in the snapshot at 0/1")
          .hasMessageContaining("violates check constraint")
          .hasMessageNotContaining("zebra");
    }
  }

  @Test
  void worksWithAConnectionThatDoesNotCommitByItself() throws IOException {
    ConnectionSource source =
        () -> {
          Connection connection = database.connect();
          connection.setAutoCommit(false);
          return connection;
        };
    try (JdbcDeadLetters letters = JdbcDeadLetters.builder(source, "a").createTable().build()) {
      park(letters, change(1, 1, "k"));
      assertThat(database.value("SELECT count(*) FROM waltap_dead_letter")).isEqualTo("1");
    }
  }

  @Test
  void aBackendThatWasKilledIsReplaced() throws IOException {
    try (JdbcDeadLetters letters = letters("a")) {
      killAnd(() -> assertThat(letters.open()).isEmpty());
      killAnd(() -> park(letters, change(1, 1, "k")));
      killAnd(() -> assertThat(letters.parkBehind(LISTENER, change(2, 1, "k"))).isEqualTo(PARKED));
      killAnd(() -> assertThat(images(letters)).containsExactly("image of 1.1", "image of 2.1"));
      DeadLetter first = letters.list(1).get(0);
      killAnd(() -> letters.failedAgain(first, "again", 1));
      killAnd(() -> assertThat(letters.find(first.id()).orElseThrow().attempts()).isEqualTo(2));
      killAnd(() -> assertThat(letters.discard(first)).isTrue());
      killAnd(() -> assertThat(letters.count()).isEqualTo(1));
    }
  }

  private interface Deed {
    void run() throws IOException;
  }

  private void killAnd(Deed deed) throws IOException {
    killOthers();
    deed.run();
  }

  @Test
  void closedItTakesAnotherConnection() throws IOException {
    AtomicInteger opened = new AtomicInteger();
    ConnectionSource source =
        () -> {
          opened.incrementAndGet();
          return database.connect();
        };
    JdbcDeadLetters letters = JdbcDeadLetters.builder(source, "a").createTable().build();
    assertThat(opened).hasValue(0);
    letters.open();
    letters.count();
    assertThat(opened).hasValue(1);
    letters.close();
    letters.close();
    String here = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()";
    Await.until("the connection is given back", () -> database.value(here).equals("1"));
    assertThat(letters.count()).isZero();
    assertThat(opened).hasValue(2);
    letters.close();
  }

  @Test
  void saysThatTheDatabaseIsAwayAndGoesOnWhenItIsBack() throws IOException {
    boolean[] away = {true};
    ConnectionSource source =
        () -> {
          if (away[0]) {
            throw new SQLException("nobody at home", "08001");
          }
          return database.connect();
        };
    try (JdbcDeadLetters letters = JdbcDeadLetters.builder(source, "a").createTable().build()) {
      assertThatThrownBy(() -> park(letters, change(1, 1, "k")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not take the update of public.item")
          .hasMessageContaining("(nobody at home); see to it that the database answers");
      away[0] = false;
      park(letters, change(1, 1, "k"));
      assertThat(letters.count()).isEqualTo(1);
    }
  }

  @Test
  void aCommitInDoubtIsSettled() throws IOException {
    InDoubt line = new InDoubt();
    try (JdbcDeadLetters letters = JdbcDeadLetters.builder(line, "a").createTable().build()) {
      letters.open();
      line.cut = true;
      park(letters, change(2, 1, ""));
      line.cut = true;
      park(letters, found(1, "", "a row of the snapshot, that has no number"));
      line.cut = true;
      assertThat(letters.parkBehind(LISTENER, found(1, "", "another"))).isEqualTo(PARKED);
      line.cut = true;
      assertThat(letters.parkBehind(LISTENER, change(3, 1, "k"))).isEqualTo(PARKED);
      assertThat(line.cuts).hasValue(4);
      assertThat(images(letters))
          .containsExactly(
              "a row of the snapshot, that has no number",
              "another",
              "image of 2.1",
              "image of 3.1");
    }
  }

  /** A line that breaks between a commit on the server and the answer to it. */
  private final class InDoubt implements ConnectionSource {

    private final AtomicInteger cuts = new AtomicInteger();
    private boolean cut;

    @Override
    public Connection open() throws SQLException {
      return proxy(Connection.class, database.connect());
    }

    private <T> T proxy(Class<T> type, T real) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                Object result = invoke(() -> method.invoke(real, arguments));
                if (result instanceof PreparedStatement statement
                    && ((String) arguments[0]).startsWith("WITH")) {
                  return proxy(PreparedStatement.class, statement);
                }
                if (cut && method.getName().equals("executeQuery")) {
                  cut = false;
                  cuts.incrementAndGet();
                  throw new SQLException("the line was cut", "08006");
                }
                return result;
              }));
    }

    private Object invoke(Callable<Object> call) throws Throwable {
      try {
        return call.call();
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}

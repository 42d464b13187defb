package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.offset.JdbcOffsetStore.ConnectionSource;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Lines to the database of the offset table that break, at the worst of moments too. */
class JdbcOffsetStoreLinesIT extends OffsetTableFixture {

  @Test
  void aSecondOwnerBetweenACommitAndItsRepetitionIsFoundOut() throws Exception {
    InDoubt line = new InDoubt();
    try (JdbcOffsetStore store = JdbcOffsetStore.builder(line, "a").createTable().build();
        JdbcOffsetStore heir = store("a")) {
      store.open();
      line.cutAfterNextSave(() -> heir.open());
      assertThatThrownBy(() -> store.save(offset("0/2")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("was taken over by");
      heir.save(offset("0/3"));
    }
    assertThat(reopened("a")).contains(offset("0/3"));
  }

  @Test
  void aCommitInDoubtIsSettled() throws Exception {
    InDoubt line = new InDoubt();
    try (JdbcOffsetStore store = JdbcOffsetStore.builder(line, "a").createTable().build()) {
      store.open();
      store.save(offset("0/1"));
      line.cutAfterNextSave(() -> assertThat(column("lsn")).as("was committed").isEqualTo("0/2"));
      store.save(offset("0/2"));
      assertThat(line.opened.get()).isEqualTo(2);
      assertThat(column("lsn")).isEqualTo("0/2");
      store.save(offset("0/3"));
    }
    assertThat(reopened("a")).contains(offset("0/3"));
  }

  @Test
  void aBackendThatWasKilledIsReplaced() throws IOException {
    try (JdbcOffsetStore store = store("a")) {
      store.open();
      for (int i = 1; i < 4; i++) {
        database.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        store.save(offset("0/" + i));
        assertThat(column("lsn")).isEqualTo("0/" + i);
      }
    }
  }

  @Test
  void saysThatTheDatabaseIsAwayAndGoesOnWhenItIsBack() throws IOException {
    boolean[] away = {false};
    ConnectionSource source =
        () -> {
          if (away[0]) {
            throw new SQLException("nobody at home", "08001");
          }
          return database.connect();
        };
    try (JdbcOffsetStore store = JdbcOffsetStore.builder(source, "a").createTable().build()) {
      store.open();
      store.save(offset("0/1"));
      away[0] = true;
      database.execute(
          "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
              + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
      assertThatThrownBy(() -> store.save(offset("0/2")))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("did not take the position 0/2 (nobody at home); see to it")
          .cause()
          .isInstanceOfSatisfying(
              SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("08001"));
      away[0] = false;
      assertThat(column("lsn")).isEqualTo("0/1");
      store.save(offset("0/3"));
      assertThat(column("lsn")).isEqualTo("0/3");
    }
  }

  /**
   * A line that breaks between a commit on the server and the answer to it: the statement is run,
   * and its result is lost with the connection.
   */
  private final class InDoubt implements ConnectionSource {

    private final AtomicInteger opened = new AtomicInteger();
    private @Nullable Callable<?> meanwhile;

    void cutAfterNextSave(Callable<?> meanwhile) {
      this.meanwhile = meanwhile;
    }

    @Override
    public Connection open() throws SQLException {
      opened.incrementAndGet();
      return proxy(Connection.class, database.connect());
    }

    private <T> T proxy(Class<T> type, T real) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (self, method, arguments) -> {
                Object result = invoke(() -> method.invoke(real, arguments));
                if (method.getName().equals("prepareStatement")
                    && ((String) arguments[0]).startsWith("UPDATE")) {
                  return proxy(
                      java.sql.PreparedStatement.class, (java.sql.PreparedStatement) result);
                }
                Callable<?> now = meanwhile;
                if (method.getName().equals("executeQuery") && now != null) {
                  meanwhile = null;
                  now.call();
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

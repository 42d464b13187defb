package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a listener writes, and the position: both or neither. */
class JdbcOffsetStoreTransactionIT extends OffsetTransactionFixture {

  @Test
  void commitsTheEffectTogetherWithThePosition() throws Exception {
    effect(store, 1);
    effect(store, 2);
    assertDurable("0/1");
    store.save(offset("0/2"));
    assertDurable("0/2", 1, 2);
    effect(store, 3);
    store.save(offset("0/3"));
    assertDurable("0/3", 1, 2, 3);
    assertThat(reopened("a")).contains(offset("0/3"));
  }

  @Test
  void savesAloneWhenNoTransactionIsOpen() throws Exception {
    effect(store, 1);
    store.save(offset("0/2"));
    store.save(offset("0/3"));
    assertDurable("0/3", 1);
  }

  @Test
  void undoesWhatIsRolledBack() throws Exception {
    effect(store, 1);
    store.rollback();
    store.rollback();
    assertDurable("0/1");
    effect(store, 2);
    store.save(offset("0/2"));
    assertDurable("0/2", 2);
  }

  @Test
  void undoesWhatIsOpenWhenItIsReloadedOrClosed() throws Exception {
    effect(store, 1);
    assertThat(store.reload()).contains(offset("0/1"));
    effect(store, 2);
    store.close();
    awaitSessions("it has gone", "true", 0);
    assertDurable("0/1");
  }

  @Test
  void reloadsNothingWhereNothingWasSaved() throws Exception {
    try (JdbcOffsetStore fresh = store("b")) {
      assertThat(fresh.open()).isEmpty();
      assertThat(fresh.reload()).isEmpty();
    }
  }

  @Test
  void anErrorThatAListenerSwallowedLosesTheTransaction() throws Exception {
    effect(store, 1);
    assertThatThrownBy(() -> run(store.connection(), "SELECT 1/0")).hasMessageContaining("zero");
    assertThatThrownBy(() -> store.save(offset("0/2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("lost the listener's transaction before the position 0/2")
        .hasMessageContaining("let a listener throw what a statement of its threw")
        .cause()
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("25P02"));
    assertThatIllegalStateException()
        .isThrownBy(() -> store.save(offset("0/2")))
        .withMessageContaining("has to be reloaded");
    assertThat(store.reload()).contains(offset("0/1"));
    assertDurable("0/1");
    effect(store, 2);
    store.save(offset("0/2"));
    assertDurable("0/2", 2);
  }

  @Test
  void aConstraintThatIsCheckedAtTheCommitLosesTheTransaction() throws Exception {
    database.execute("CREATE TABLE strict (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)");
    effect(store, 1);
    run(store.connection(), "INSERT INTO strict VALUES (1), (1)");
    assertThatThrownBy(() -> store.save(offset("0/2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("strict_n_key")
        .cause()
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("23505"));
    assertThat(store.reload()).contains(offset("0/1"));
    assertDurable("0/1");
  }

  @Test
  void aCommitOfTheListenersOwnIsFoundOut() throws Exception {
    for (String end : new String[] {"COMMIT", "ROLLBACK"}) {
      effect(store, 1);
      run(store.connection(), end, "INSERT INTO effect VALUES (2)");
      assertThatThrownBy(() -> store.save(offset("0/2")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("A listener has ended the transaction of the offset table");
      assertThat(column("lsn")).isEqualTo("0/1");
      assertThat(database.column("SELECT n FROM effect")).doesNotContain("2");
      assertThat(store.reload()).contains(offset("0/1"));
    }
  }

  @Test
  void whoWasTakenOverCommitsNothing() throws Exception {
    effect(store, 1);
    try (JdbcOffsetStore heir = store("a")) {
      assertThat(heir.open()).contains(offset("0/1"));
      assertThatIllegalStateException()
          .isThrownBy(() -> store.save(offset("0/2")))
          .withMessageContaining("was taken over by process");
      assertDurable("0/1");
      assertThatIllegalStateException()
          .isThrownBy(() -> store.reload())
          .withMessageContaining("was taken over by process");
      effect(heir, 2);
      heir.save(offset("0/3"));
      assertDurable("0/3", 2);
    }
  }

  @Test
  void whoWasTakenOverBeginsNothing() throws Exception {
    try (JdbcOffsetStore heir = store("a")) {
      heir.open();
      assertThatIllegalStateException()
          .isThrownBy(() -> store.connection())
          .withMessageContaining("was taken over by process");
    }
    assertDurable("0/1");
  }

  @Test
  void saysThatItsRowIsGone() throws Exception {
    effect(store, 1);
    database.execute("DELETE FROM waltap_offset");
    assertThatIllegalStateException()
        .isThrownBy(() -> store.save(offset("0/2")))
        .withMessageContaining("has lost its row");
    assertThat(database.column("SELECT n FROM effect")).isEmpty();
  }

  @Test
  void saysThatAListenerWasTooSlowForTheDatabase() throws Exception {
    database.execute(
        "ALTER DATABASE " + database.name() + " SET idle_in_transaction_session_timeout = '50ms'");
    assertThat(store.reload()).contains(offset("0/1"));
    effect(store, 1);
    awaitSessions("the server has ended it", "true", 0);
    assertThatThrownBy(() -> store.save(offset("0/2")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("or raise idle_in_transaction_session_timeout");
    assertDurable("0/1");
  }

  @Test
  void aStatementThatWasCancelledLosesTheTransaction() throws Exception {
    effect(store, 1);
    run(store.connection(), "SET LOCAL statement_timeout = '1ms'");
    assertThatThrownBy(() -> run(store.connection(), "SELECT pg_sleep(30)"))
        .isInstanceOfSatisfying(
            SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("57014"));
    assertThatThrownBy(() -> store.save(offset("0/2"))).isInstanceOf(IOException.class);
    assertDurable("0/1");
  }

  @Test
  void leavesTheListenersTimesToTheSource() throws Exception {
    Connection connection = store.connection();
    assertThat(connection.getNetworkTimeout()).isZero();
    assertThat(setting(connection, "tcp_keepalives_idle")).isEqualTo("10");
    run(connection, "SET LOCAL synchronous_commit = off");
    store.save(offset("0/2"));
    assertThat(database.value("SELECT pg_current_wal_flush_lsn() >= pg_current_wal_insert_lsn()"))
        .isEqualTo("t");
  }

  private static String setting(Connection connection, String name) throws SQLException {
    try (var statement = connection.createStatement();
        var row = statement.executeQuery("SHOW " + name)) {
      row.next();
      return row.getString(1);
    }
  }

  @Test
  void closesWhileAListenerHangs() throws Exception {
    database.execute("SELECT pg_advisory_lock(1)");
    effect(store, 1);
    Connection connection = store.connection();
    CompletableFuture<Void> listener =
        CompletableFuture.runAsync(
            () -> {
              try {
                run(connection, "SELECT pg_advisory_lock(1)");
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    awaitSessions("the listener waits", "wait_event_type = 'Lock'", 1);
    CompletableFuture.runAsync(store::close).get(10, TimeUnit.SECONDS);
    assertThatThrownBy(() -> listener.get(10, TimeUnit.SECONDS))
        .hasRootCauseInstanceOf(IOException.class);
    assertThatIllegalStateException().isThrownBy(() -> store.connection());
    database.execute("SELECT pg_advisory_unlock(1)");
    awaitSessions("it has gone", "true", 0);
    assertDurable("0/1");
  }

  @Test
  void handsNothingThatIsOpenBackToAPool() throws Exception {
    Connection real = database.connect();
    Connection pooled =
        (Connection)
            Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {Connection.class},
                (self, method, arguments) ->
                    method.getName().equals("close") ? null : method.invoke(real, arguments));
    try (real) {
      try (JdbcOffsetStore other = JdbcOffsetStore.builder(() -> pooled, "a").build()) {
        other.open();
        effect(other, 1);
      }
      assertThat(real.isClosed()).isTrue();
    }
  }

  @Test
  void isNotPeekedAtInATransaction() throws Exception {
    effect(store, 1);
    assertThatIllegalStateException().isThrownBy(() -> store.peek());
    store.save(offset("0/2"));
    assertThat(store.peek()).contains(offset("0/2"));
    assertDurable("0/2", 1);
  }
}

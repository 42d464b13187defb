package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/** What a listener can do with its connection, and what not. */
class ListenerConnectionIT extends OffsetTransactionFixture {

  @Test
  void refusesWhatWouldEndTheTransaction() throws Exception {
    effect(store, 1);
    Connection connection = store.connection();
    refused("commit", connection::commit);
    refused("rollback", connection::rollback);
    refused("close", connection::close);
    refused("abort", () -> connection.abort(Runnable::run));
    refused("setAutoCommit", () -> connection.setAutoCommit(true));
    refused("setReadOnly", () -> connection.setReadOnly(false));
    refused("setNetworkTimeout", () -> connection.setNetworkTimeout(Runnable::run, 1));
    refused(
        "setTransactionIsolation",
        () -> connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE));
    assertDurable("0/1");
    store.save(offset("0/2"));
    assertDurable("0/2", 1);
  }

  private static void refused(String method, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(SQLException.class)
        .hasMessage(
            "WalTap commits this transaction together with its position; "
                + method
                + "() is not for a listener.");
  }

  @Test
  void goesBackToSavepoints() throws Exception {
    effect(store, 1);
    Connection connection = store.connection();
    Savepoint savepoint = connection.setSavepoint();
    assertThatThrownBy(() -> run(connection, "INSERT INTO effect VALUES (2)", "SELECT 1/0"))
        .isInstanceOf(SQLException.class);
    connection.rollback(savepoint);
    effect(store, 3);
    store.save(offset("0/2"));
    assertDurable("0/2", 1, 3);
  }

  @Test
  void copiesByTheDriversConnection() throws Exception {
    Connection connection = store.connection();
    assertThat(connection.isWrapperFor(PGConnection.class)).isTrue();
    connection
        .unwrap(PGConnection.class)
        .getCopyAPI()
        .copyIn("COPY effect FROM STDIN", new StringReader("1\n2\n"));
    assertDurable("0/1");
    store.save(offset("0/2"));
    assertDurable("0/2", 1, 2);
  }

  @Test
  void isStillGuardedWhenItIsUnwrapped() throws Exception {
    Connection connection = store.connection();
    assertThat(connection.isWrapperFor(Connection.class)).isTrue();
    assertThat(connection.unwrap(Connection.class)).isSameAs(connection);
  }

  @Test
  void isTheSameUntilTheTransactionHasEnded() throws Exception {
    Connection first = store.connection();
    assertThat(store.connection()).isSameAs(first).isEqualTo(first).hasSameHashCodeAs(first);
    assertThat(first).hasToString("WalTap's transaction on " + first.unwrap(PGConnection.class));
    assertThat(first.isClosed()).isFalse();
    assertThat(first.isValid(5)).isTrue();
    store.save(offset("0/2"));
    assertThat(store.connection()).isNotSameAs(first).isNotEqualTo(first);
  }

  @Test
  void isClosedWhenTheTransactionHasEnded() throws Exception {
    Connection committed = store.connection();
    store.save(offset("0/2"));
    assertIsClosed(committed);
    Connection undone = store.connection();
    store.rollback();
    assertIsClosed(undone);
    Connection lost = store.connection();
    store.reload();
    assertIsClosed(lost);
    Connection last = store.connection();
    store.close();
    assertIsClosed(last);
  }

  private static void assertIsClosed(Connection connection) throws SQLException {
    assertThat(connection.isClosed()).isTrue();
    assertThat(connection.isValid(5)).isFalse();
    connection.close();
    assertThatThrownBy(connection::createStatement)
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("WalTap has ended the transaction that this connection was given");
  }
}

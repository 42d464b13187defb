package io.waltap.offset;

import io.waltap.offset.JdbcOffsetStore.ConnectionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a store, replaced when it breaks. In autocommit mode, but for the time of a
 * transaction that a listener works in. Not for several threads at a time.
 */
final class StoreConnection {

  /** How long the database may take for one answer to the store. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What is done on the connection. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final ConnectionSource source;
  private @Nullable Connection connection;
  private int timeoutOfSource;
  private boolean inTransaction;
  private @Nullable ListenerConnection lent;

  StoreConnection(ConnectionSource source) {
    this.source = source;
  }

  /** Does what does no harm when it is done twice; a second time if the connection broke. */
  <T> T twice(Work<T> work) throws SQLException {
    try {
      return once(work);
    } catch (SQLException first) {
      if (!mayPass(first)) {
        throw first;
      }
      try {
        return once(work);
      } catch (SQLException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }

  /** After a failure the connection is thrown away, with the transaction that may be open on it. */
  <T> T once(Work<T> work) throws SQLException {
    boolean done = false;
    try {
      T result = work.on(connection());
      done = true;
      return result;
    } finally {
      if (!done) {
        discard(); // whatever it was, the next try begins with a connection that nothing happened
        // to
      }
    }
  }

  private Connection connection() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = source.open();
      connection = current;
      current.setAutoCommit(true);
      timeoutOfSource = current.getNetworkTimeout();
      current.setNetworkTimeout(Runnable::run, patience());
    }
    return current;
  }

  private static int patience() {
    return Math.toIntExact(PATIENCE.toMillis());
  }

  /** Broken connections, servers that go down, conflicts of transactions. */
  private static boolean mayPass(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("40");
  }

  /** Begins a transaction with something that does no harm when it is done twice. */
  Connection begin(Work<?> first) throws SQLException {
    return twice(
        current -> {
          inTransaction = true;
          current.setAutoCommit(false);
          first.on(current);
          // How long the listener's statements may take is not for the store to say.
          current.setNetworkTimeout(Runnable::run, timeoutOfSource);
          lent = new ListenerConnection(current);
          return lent.view();
        });
  }

  /** What the listener works on; null if no transaction is open. */
  @Nullable ListenerConnection lent() {
    return lent;
  }

  /** Takes it back from the listener, to do the last thing before the commit. */
  <T> T takeBack(Work<T> last) throws SQLException {
    return once(
        current -> {
          endLoan();
          current.setNetworkTimeout(Runnable::run, patience());
          return last.on(current);
        });
  }

  /** Commits what {@link #takeBack} was the last thing of. */
  void commit() throws SQLException {
    once(
        current -> {
          current.commit();
          return endTransaction(current);
        });
  }

  private boolean endTransaction(Connection current) throws SQLException {
    current.setAutoCommit(true);
    inTransaction = false;
    return true;
  }

  /** Undoes the open transaction, if there is one. */
  void rollback() {
    if (!inTransaction) {
      return;
    }
    try {
      takeBack(
          current -> {
            current.rollback();
            return endTransaction(current);
          });
    } catch (SQLException e) {
      // It was thrown away, and the server rolls back what nobody can commit any more.
    }
  }

  private void endLoan() {
    if (lent != null) {
      lent.end();
    }
    lent = null;
  }

  /** Throws the connection away; what is open on it, is rolled back. */
  void discard() {
    Connection discarded = connection;
    boolean abort = inTransaction;
    connection = null;
    inTransaction = false;
    endLoan();
    try {
      if (discarded != null && abort) {
        // Does not wait for a listener that is at work on it, and no pool can hand it on as it is.
        discarded.abort(Runnable::run);
      }
      if (discarded != null) {
        discarded.close();
      }
    } catch (SQLException e) {
      // It is thrown away because it does not work: that it cannot say goodbye is no news.
    }
  }
}

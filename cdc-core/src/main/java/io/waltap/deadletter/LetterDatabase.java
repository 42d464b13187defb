package io.waltap.deadletter;

import io.waltap.deadletter.JdbcDeadLetters.ConnectionSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The connection to the table: taken when it is first needed, kept in autocommit mode, replaced
 * when it breaks. Not for several threads.
 */
final class LetterDatabase {

  /** How long the database may take for one answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Statements on the table. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final ConnectionSource source;
  private final Work<?> first;
  private @Nullable Connection connection;

  /**
   * @param first what is done on a new connection before anything else
   */
  LetterDatabase(ConnectionSource source, Work<?> first) {
    this.source = source;
    this.first = first;
  }

  /** Does work that does no harm if it is done twice: once more, if the first time may pass. */
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

  private <T> T once(Work<T> work) throws SQLException {
    boolean done = false;
    try {
      T result = work.on(connection());
      done = true;
      return result;
    } finally {
      if (!done) {
        close(); // the next try begins with a connection that nothing happened to
      }
    }
  }

  private Connection connection() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = source.open();
      connection = current;
      current.setAutoCommit(true);
      current.setNetworkTimeout(Runnable::run, Math.toIntExact(PATIENCE.toMillis()));
      first.on(current);
    }
    return current;
  }

  /** Broken connections, servers that go down, conflicts of transactions. */
  private static boolean mayPass(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("40");
  }

  void close() {
    Connection closed = connection;
    connection = null;
    try {
      if (closed != null) {
        closed.close();
      }
    } catch (SQLException e) {
      // Nothing is lost with it: every statement was a transaction of its own.
    }
  }
}

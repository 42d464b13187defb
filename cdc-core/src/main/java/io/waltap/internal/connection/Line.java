package io.waltap.internal.connection;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A replication connection on which one can wait for what the server says next. */
public final class Line {

  private final Connection connection;
  private final @Nullable WaitingSocket socket;

  Line(Connection connection, @Nullable WaitingSocket socket) {
    this.connection = connection;
    this.socket = socket;
  }

  public Connection connection() {
    return connection;
  }

  /**
   * Whether {@link #await} is possible. Not on the driver's own sockets: there one can only look
   * again.
   */
  public boolean canWait() {
    return socket != null;
  }

  /**
   * Waits until there is something to read. To be called by the thread that reads, and when the
   * driver has just said that it has nothing: it may hold several messages that came together.
   *
   * @return whether there is something
   * @throws SQLException if the line is broken, or the server has closed it: the driver says
   *     nothing of that after an orderly end
   */
  public boolean await(Duration timeout) throws SQLException {
    try {
      if (socket == null || !socket.await(timeout)) {
        return false;
      }
      if (socket.atEnd()) {
        throw new SQLException("the server closed the connection", "08006");
      }
      return true;
    } catch (IOException e) {
      throw new SQLException(
          "the connection to the server is broken: " + e.getMessage(), "08006", e);
    }
  }
}

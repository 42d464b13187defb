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
   * @return whether there is something, be it the end
   * @throws SQLException if the line is broken
   */
  public boolean await(Duration timeout) throws SQLException {
    try {
      return socket != null && socket.await(timeout);
    } catch (IOException e) {
      throw new SQLException(
          "the connection to the server is broken: " + e.getMessage(), "08006", e);
    }
  }
}

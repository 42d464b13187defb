package io.waltap.internal.connection;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A socket on which one can wait for something to read, without reading it. The driver itself can
 * only look again and again, and each look in vain costs a millisecond and an exception.
 *
 * <p>Under TLS it waits for a record of the layer above, which has to be asked first whether it
 * still has something.
 */
final class WaitingSocket extends Socket {

  private @Nullable SocketInput input;

  /**
   * Waits until there is something to read, or the end was reached. For the thread that reads.
   *
   * @return whether that was so in time
   */
  boolean await(Duration timeout) throws IOException {
    SocketInput in = input();
    if (in.isReady()) {
      return true;
    }
    int before = getSoTimeout();
    setSoTimeout(Math.toIntExact(timeout.toMillis()));
    try {
      in.fill();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } finally {
      restore(before);
    }
  }

  /** Whether the last wait found that the other side has closed, and all before it was read. */
  boolean atEnd() throws IOException {
    return input().isAtEnd();
  }

  private void restore(int timeout) throws SocketException {
    if (!isClosed()) {
      setSoTimeout(timeout);
    }
  }

  private synchronized SocketInput input() throws IOException {
    SocketInput known = input;
    if (known == null) {
      known = new SocketInput(super.getInputStream(), new Gathering());
      input = known;
    }
    return known;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return input();
  }
}

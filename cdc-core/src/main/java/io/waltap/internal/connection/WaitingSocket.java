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

  private static final int NOTHING = -2;
  private static final int END = -1;

  private final class Input extends InputStream {

    private final InputStream in;
    private int ahead = NOTHING; // the byte that was read while waiting, or the end

    Input(InputStream in) {
      this.in = in;
    }

    boolean await(Duration timeout) throws IOException {
      if (ahead != NOTHING || in.available() > 0) {
        return true;
      }
      int before = getSoTimeout();
      setSoTimeout(Math.toIntExact(timeout.toMillis()));
      try {
        ahead = in.read();
        return true;
      } catch (SocketTimeoutException e) {
        return false;
      } finally {
        restore(before);
      }
    }

    @Override
    public int read() throws IOException {
      if (ahead == NOTHING) {
        return in.read();
      }
      int next = ahead;
      ahead = next == END ? END : NOTHING;
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (ahead == NOTHING || length == 0) {
        return in.read(target, offset, length);
      }
      if (ahead == END) {
        return END;
      }
      target[offset] = (byte) read();
      int more = Math.min(length - 1, in.available()); // what is here may be all
      return more == 0 ? 1 : 1 + Math.max(0, in.read(target, offset + 1, more));
    }

    @Override
    public int available() throws IOException {
      return (ahead >= 0 ? 1 : 0) + in.available();
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }

  private @Nullable Input input;

  /**
   * Waits until there is something to read, or the end was reached. For the thread that reads.
   *
   * @return whether that was so in time
   */
  boolean await(Duration timeout) throws IOException {
    return input().await(timeout);
  }

  /** Whether the last wait found that the other side has closed, and all before it was read. */
  boolean atEnd() throws IOException {
    return input().ahead == END;
  }

  private void restore(int timeout) throws SocketException {
    if (!isClosed()) {
      setSoTimeout(timeout);
    }
  }

  private synchronized Input input() throws IOException {
    Input known = input;
    if (known == null) {
      known = new Input(super.getInputStream());
      input = known;
    }
    return known;
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return input();
  }
}

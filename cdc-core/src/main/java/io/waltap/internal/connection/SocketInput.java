package io.waltap.internal.connection;

import java.io.IOException;
import java.io.InputStream;

/**
 * What comes in by a socket, with a buffer that can be filled while nobody reads. For one thread.
 */
final class SocketInput extends InputStream {

  private static final int END = -1;

  private final InputStream in;
  private final Gathering gathering;
  private final byte[] buffer = new byte[64 * 1024];
  private int next;
  private int limit;
  private boolean ended;

  SocketInput(InputStream in, Gathering gathering) {
    this.in = in;
    this.gathering = gathering;
  }

  /** Whether a read would return at once with what is here, or with the end. */
  boolean isReady() {
    return next < limit || ended;
  }

  /** Whether the other side has closed, and all before that was read. */
  boolean isAtEnd() {
    return next == limit && ended;
  }

  /**
   * Waits for more if there is none here, as long as the socket's timeout allows.
   *
   * @throws java.net.SocketTimeoutException if none has come
   */
  void fill() throws IOException {
    if (!isReady()) {
      next = 0;
      limit = 0; // should the read fail
      limit = Math.max(0, take(buffer, 0, buffer.length));
    }
  }

  private int take(byte[] target, int offset, int length) throws IOException {
    gathering.letGather(in);
    int count = in.read(target, offset, length);
    if (count == END) {
      ended = true;
    } else {
      gathering.took(count);
    }
    return count;
  }

  @Override
  public int read() throws IOException {
    fill();
    return next < limit ? buffer[next++] & 0xff : END;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length >= buffer.length && !isReady()) {
      return take(target, offset, length); // a large value need not come by the buffer
    }
    if (length > 0) {
      fill();
    }
    if (next == limit) {
      return length == 0 ? 0 : END;
    }
    int count = Math.min(length, limit - next);
    System.arraycopy(buffer, next, target, offset, count);
    next += count;
    return count;
  }

  /** What is here, or else in the system's buffer. */
  @Override
  public int available() throws IOException {
    return isReady() ? limit - next : in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}

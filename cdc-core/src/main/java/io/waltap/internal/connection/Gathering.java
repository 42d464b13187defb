package io.waltap.internal.connection;

import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Decides when bytes are better left where they are for a moment. The server sends each message by
 * itself, so that one who takes them as they come is woken for each, and the server pays for the
 * waking and for the sending. Under load that is most of what both do. Let some gather, and there
 * is one waking for hundreds; and while the system's buffer is full, the server's system puts
 * together what it sends.
 *
 * <p>At rest nothing waits. Only at a rate that single commits seldom reach, some 15,000 a second
 * of a dozen columns, a change may be {@link #LONGEST} milliseconds late; the last of a load, one.
 *
 * <p>The size of that buffer is left to the system. A small one of ours was full sooner, and faster
 * by a third; but there is not always room in it for what the server was told that it may send, and
 * the system then drops it: once in fifteen runs a stream crept at 100 kB a second.
 */
final class Gathering {

  /** Bytes a millisecond from which on it is a load. */
  private static final long LOAD = 8 * 1024;

  private static final long MILLISECOND = TimeUnit.MILLISECONDS.toNanos(1);

  /** If so many bytes are there, they are read first. */
  private static final int PLENTY = 32 * 1024;

  /** More than so many are not waited for. */
  private static final int MOST = 512 * 1024;

  /** Longer than so many milliseconds it never takes. */
  private static final int LONGEST = 8;

  private final LongSupplier nanos;
  private final LongConsumer pause;
  private long since;
  private long bytes;
  private boolean loaded;

  Gathering() {
    this(System::nanoTime, LockSupport::parkNanos);
  }

  /**
   * The same with another time.
   *
   * @param nanos says it
   * @param pause lets so many nanoseconds pass
   */
  Gathering(LongSupplier nanos, LongConsumer pause) {
    this.nanos = nanos;
    this.pause = pause;
    this.since = nanos.getAsLong();
  }

  /**
   * To be called before a read. Under load it returns when no more comes: then it has ended, or the
   * system's buffer is full.
   */
  void letGather(InputStream in) throws IOException {
    if (!loaded) {
      return;
    }
    int before = in.available();
    if (before < PLENTY) {
      loaded = gather(in, before) > 0;
    }
  }

  private int gather(InputStream in, int there) throws IOException {
    int before = there;
    for (int i = 0; i < LONGEST && before < MOST; i++) {
      pause.accept(MILLISECOND);
      int now = in.available();
      if (now == before) {
        return now;
      }
      before = now;
    }
    return before;
  }

  /** So many bytes were read. */
  void took(int count) {
    bytes += count;
    long passed = nanos.getAsLong() - since;
    if (passed > MILLISECOND) {
      loaded = bytes > LOAD * passed / MILLISECOND;
      bytes = 0;
      since += passed;
    }
  }
}

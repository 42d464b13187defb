package io.waltap.benchmarks;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Counts the rows of one run and takes the time. The first tenth does not count: it comes out of
 * queues that were filled before anybody could look at a clock.
 */
final class RowClock implements Arrivals {

  private static final int PATIENCE_SECONDS = 60;

  private final long start;
  private final long expected;
  private final AtomicLong seen = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile long first;
  private volatile long last;

  /**
   * A clock that has not started.
   *
   * @param expected how many rows will come, at least 2
   */
  RowClock(long expected) {
    this.start = Math.max(1, expected / 10);
    this.expected = expected;
  }

  @Override
  public void row() {
    long count = seen.incrementAndGet();
    if (count == start) {
      first = System.nanoTime();
    } else if (count == expected) {
      last = System.nanoTime();
      done.countDown();
    }
  }

  @Override
  public boolean isDone() {
    return done.getCount() == 0;
  }

  @Override
  public void await() throws InterruptedException {
    long before = -1;
    while (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      if (before == seen.get()) {
        throw new IllegalStateException(
            "No row came for %d s after %d of %d.".formatted(PATIENCE_SECONDS, before, expected));
      }
      before = seen.get();
    }
  }

  /** How many rows have come so far, be they too many. */
  long seen() {
    return seen.get();
  }

  /** The speed of what counts, once the last row has come. */
  double rowsPerSecond() {
    return (expected - start) * 1e9 / (last - first);
  }
}

package io.waltap.benchmarks;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Takes the time from each commit to the arrival of its one row. Rows arrive in commit order. */
final class CommitClock implements Arrivals {

  private final long[] sent;
  private final long[] arrived;
  private final CountDownLatch first = new CountDownLatch(1);
  private final Semaphore arrivals = new Semaphore(0);
  private volatile int count;

  CommitClock(int rows) {
    this.sent = new long[rows];
    this.arrived = new long[rows];
  }

  /** The commit of a row is sent now. */
  void sent(int row) {
    sent[row] = System.nanoTime();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // rows come on one thread
  public void row() {
    arrived[count] = System.nanoTime();
    count++;
    arrivals.release();
    first.countDown();
  }

  /** Waits until the first row has come; the receiver waits for the others by itself. */
  void awaitFirst() throws InterruptedException {
    if (!first.await(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException("No row came for a minute.");
    }
  }

  /** Waits for the next row. */
  private void awaitRow() throws InterruptedException {
    if (!arrivals.tryAcquire(1, TimeUnit.MINUTES)) {
      throw new IllegalStateException(
          "No row came for a minute after %d of %d.".formatted(count, sent.length));
    }
  }

  @Override
  public boolean isDone() {
    return count == sent.length;
  }

  @Override
  public void await() throws InterruptedException {
    while (!isDone()) {
      awaitRow();
    }
  }

  /**
   * The time that a share of the rows did not exceed, in milliseconds; the first row, which waits
   * for the start, is left out.
   *
   * @param share 0.5 for the median
   */
  double millis(double share) {
    long[] nanos = new long[sent.length - 1];
    Arrays.setAll(nanos, i -> arrived[i + 1] - sent[i + 1]);
    Arrays.sort(nanos);
    return nanos[(int) Math.ceil(share * nanos.length) - 1] / 1e6;
  }
}

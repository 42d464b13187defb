package io.waltap.benchmarks;

import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Takes the time from each commit to the arrival of its one row. Rows arrive in commit order. */
final class CommitClock implements Arrivals {

  private final long[] sent;
  private final long[] arrived;
  private final CountDownLatch first = new CountDownLatch(1);
  private final Semaphore arrivals = new Semaphore(0);
  private volatile int count;

  private final LongSupplier nanos;

  CommitClock(int rows) {
    this(rows, System::nanoTime);
  }

  /** By another clock's nanoseconds. */
  CommitClock(int rows, LongSupplier nanos) {
    this.nanos = nanos;
    this.sent = new long[rows];
    this.arrived = new long[rows];
  }

  /** The commit of a row is sent now. */
  void sent(int row) {
    sent[row] = nanos.getAsLong();
  }

  @Override
  @SuppressWarnings("NonAtomicVolatileUpdate") // rows come on one thread
  public void row(Object change) {
    arrived[count] = nanos.getAsLong();
    count++;
    arrivals.release();
    first.countDown();
  }

  /**
   * Waits until the first row has come; the receiver waits for the others by itself.
   *
   * @throws java.util.concurrent.ExecutionException if the receiver fails before
   */
  void awaitFirst(Future<?> receiver) throws Exception {
    for (int second = 0; !first.await(1, TimeUnit.SECONDS); second++) {
      if (receiver.isDone()) {
        receiver.get();
      }
      if (second == 60) {
        throw new IllegalStateException("No row came for a minute.");
      }
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
   * The time that a share of some rows did not exceed, in milliseconds, once all have come.
   *
   * @param from the first of the rows
   * @param to behind the last of them
   * @param share 0.5 for the median
   */
  double millis(int from, int to, double share) {
    long[] waits = new long[to - from];
    Arrays.setAll(waits, i -> arrived[from + i] - sent[from + i]);
    Arrays.sort(waits);
    return waits[(int) Math.ceil(share * waits.length) - 1] / 1e6;
  }

  /** How many of some rows were committed a second. */
  double rate(int from, int to) {
    return (to - 1 - from) * 1e9 / (sent[to - 1] - sent[from]);
  }
}

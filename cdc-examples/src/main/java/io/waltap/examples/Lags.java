package io.waltap.examples;

import java.time.Duration;
import java.util.Arrays;

/** The latest delays between commit and listener; bounded, for a run without end. */
final class Lags {

  private static final int MOST = 100_000;

  private long[] nanos = new long[1_024];
  private long count;

  void add(Duration lag) {
    if (count == nanos.length && count < MOST) {
      nanos = Arrays.copyOf(nanos, Math.min(MOST, 2 * nanos.length));
    }
    nanos[(int) (count++ % nanos.length)] = lag.toNanos();
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * The delay that so many percent do not exceed.
   *
   * @throws IllegalStateException if there is none
   */
  Duration percentile(int percent) {
    if (isEmpty()) {
      throw new IllegalStateException("no delay was measured");
    }
    long[] sorted = Arrays.copyOf(nanos, (int) Math.min(count, nanos.length));
    Arrays.sort(sorted);
    int rank = (int) Math.ceil(percent / 100.0 * sorted.length);
    return Duration.ofNanos(sorted[Math.max(rank, 1) - 1]);
  }
}

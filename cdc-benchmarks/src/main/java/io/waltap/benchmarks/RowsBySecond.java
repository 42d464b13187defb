package io.waltap.benchmarks;

import io.waltap.generator.Totals;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** How many rows were committed in each second of a run that begins now. Not thread-safe. */
final class RowsBySecond implements Consumer<Totals> {

  private static final double SECOND_NANOS = 1e9;

  private final LongSupplier nanos;
  private final long begin;
  private final long[] seconds;
  private long all;

  /**
   * @param seconds how many are looked at one by one
   */
  RowsBySecond(int seconds, LongSupplier nanos) {
    this.nanos = nanos;
    this.begin = nanos.getAsLong();
    this.seconds = new long[seconds];
  }

  @Override
  public void accept(Totals totals) {
    int second = (int) elapsedSeconds();
    if (second < seconds.length) {
      seconds[second] += totals.all() - all;
    }
    all = totals.all();
  }

  /** Rows a second until now. */
  double average() {
    return all / elapsedSeconds();
  }

  /** The rows of the second that had the fewest. */
  double fewest() {
    return Arrays.stream(seconds).asDoubleStream().min().orElse(0);
  }

  private double elapsedSeconds() {
    return (nanos.getAsLong() - begin) / SECOND_NANOS;
  }
}

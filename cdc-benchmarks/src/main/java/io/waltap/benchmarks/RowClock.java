package io.waltap.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/**
 * Counts the rows of one run and takes the time. The rows of a lead do not count: they come out of
 * queues that were filled before anybody could look at a clock. From then on, rows arrive as fast
 * as they are read.
 */
final class RowClock implements Arrivals {

  /** More than any candidate's queue holds by default, which is 8,192. */
  private static final int QUEUES = 10_000;

  private static final int PATIENCE_SECONDS = 60;

  private final long lead;
  private final long[] marks;
  private final AtomicLongArray times;
  private final AtomicLong seen = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Allocations allocations = Allocations.now();
  private final LongSupplier nanos;
  private final long begun;
  private volatile long allocated;

  private RowClock(LongSupplier nanos, long lead, long[] marks) {
    this.nanos = nanos;
    this.begun = nanos.getAsLong();
    this.lead = lead;
    this.marks = marks;
    this.times = new AtomicLongArray(marks.length);
  }

  /**
   * A clock that runs from now on. The lead is a tenth of the rows, or more if that is less than
   * what queues hold, but at most half of them.
   */
  static RowClock of(long rows) {
    return of(rows, System::nanoTime);
  }

  /** The same by another clock's nanoseconds. */
  static RowClock of(long rows, LongSupplier nanos) {
    long lead = lead(rows);
    return new RowClock(nanos, lead, new long[] {lead, rows});
  }

  /** The lead of so many rows. */
  static long lead(long rows) {
    return Math.max(Math.max(1, rows / 10), Math.min(QUEUES, rows / 2));
  }

  /**
   * A clock that also takes the times of parts of the stream, and runs from now on.
   *
   * @param lengths of those parts, each counted from the end of the lead, ascending
   */
  static RowClock of(long lead, List<Long> lengths) {
    return of(lead, lengths, System::nanoTime);
  }

  /** The same by another clock's nanoseconds. */
  static RowClock of(long lead, List<Long> lengths, LongSupplier nanos) {
    long[] marks = new long[lengths.size() + 1];
    marks[0] = lead;
    for (int i = 1; i < marks.length; i++) {
      marks[i] = lead + lengths.get(i - 1);
    }
    return new RowClock(nanos, lead, marks);
  }

  @Override
  public void row(Object change) {
    long count = seen.incrementAndGet();
    for (int i = 0; i < marks.length; i++) {
      if (count == marks[i]) {
        times.set(i, nanos.getAsLong());
      }
    }
    if (count == expected()) {
      allocated = allocations.since();
      done.countDown();
    }
  }

  private long expected() {
    return marks[marks.length - 1];
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
            "No row came for %d s after %d of %d.".formatted(PATIENCE_SECONDS, before, expected()));
      }
      before = seen.get();
    }
  }

  /**
   * Sees to it that a run was one.
   *
   * @throws IllegalStateException if there were more rows than there are, or fewer
   */
  void check(Candidate candidate) {
    if (seen.get() != expected()) {
      throw new IllegalStateException(
          "%s saw %d rows instead of %d.".formatted(candidate.name(), seen.get(), expected()));
    }
  }

  /** The speed of what counts, once the last row has come. */
  double rowsPerSecond() {
    return 1e9 / nanosPerRow(marks.length - 1);
  }

  /**
   * What a row took in a part of the stream.
   *
   * @param part counted from 1, in the order of the lengths
   */
  double nanosPerRow(int part) {
    return (double) (times.get(part) - times.get(0)) / (marks[part] - lead);
  }

  /** The time from the clock's creation to the last row. */
  double wallMillis() {
    return (times.get(marks.length - 1) - begun) / 1e6;
  }

  /** What all threads allocated from the clock's creation to the last row. */
  long allocatedBytes() {
    return allocated;
  }

  /** For a line of progress. */
  String summary() {
    String rest =
        String.format(Locale.ROOT, "%,9.0f ms in all, %,d rows seen", wallMillis(), seen.get());
    return expected() == lead
        ? rest
        : String.format(Locale.ROOT, "%,12.0f rows/s, %s", rowsPerSecond(), rest);
  }
}

package io.waltap.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/**
 * Counts the rows of one run and takes the time. The rows of a lead do not count: they come out of
 * queues that were filled before anybody could look at a clock. From then on, rows arrive as fast
 * as they are read.
 */
final class RowClock implements Arrivals {

  /** More than any candidate's queues hold by default, which is twice 8,192 where workers are. */
  private static final int QUEUES = 20_000;

  private static final int PATIENCE_SECONDS = 60;

  private final long[] marks;
  private final AtomicReferenceArray<Reading> readings;
  private final AtomicLong seen = new AtomicLong();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Allocations allocations = Allocations.now();
  private final Supplier<Reading> clocks;
  private final long begun;
  private volatile long allocated;

  private RowClock(Supplier<Reading> clocks, NavigableSet<Long> marks) {
    this.clocks = clocks;
    this.begun = clocks.get().time();
    this.marks = marks.stream().mapToLong(Long::longValue).toArray();
    this.readings = new AtomicReferenceArray<>(marks.size());
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
    return at(new TreeSet<>(List.of(lead(rows), rows)), () -> new Reading(nanos.getAsLong(), 0, 0));
  }

  /** The lead of so many rows. */
  static long lead(long rows) {
    return Math.max(Math.max(1, rows / 10), Math.min(QUEUES, rows / 2));
  }

  /**
   * A clock that also takes the times in between, and runs from now on.
   *
   * @param marks numbers of rows at which it looks; the first is the lead, the last is all of them
   */
  static RowClock at(NavigableSet<Long> marks) {
    return at(marks, Reading::now);
  }

  /** The same by other clocks. */
  static RowClock at(NavigableSet<Long> marks, Supplier<Reading> clocks) {
    return new RowClock(clocks, marks);
  }

  @Override
  public void row(Object change) {
    long count = seen.incrementAndGet();
    int mark = Arrays.binarySearch(marks, count);
    if (mark >= 0) {
      readings.set(mark, clocks.get());
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
    return 1e9 / nanosPerRow(marks[0], expected());
  }

  /** What a row took between two of the marks. */
  double nanosPerRow(long from, long to) {
    return perRow(Reading::time, from, to);
  }

  /**
   * What a row took between two of the marks, by one of the clocks.
   *
   * @param clock what it said
   */
  double perRow(ToLongFunction<Reading> clock, long from, long to) {
    return (double) (clock.applyAsLong(reading(to)) - clock.applyAsLong(reading(from)))
        / (to - from);
  }

  private Reading reading(long mark) {
    return readings.get(Arrays.binarySearch(marks, mark));
  }

  /** The time from the clock's creation to the last row. */
  double wallMillis() {
    return (reading(expected()).time() - begun) / 1e6;
  }

  /** What all threads allocated from the clock's creation to the last row. */
  long allocatedBytes() {
    return allocated;
  }

  /** For a line of progress. */
  String summary() {
    String rest =
        String.format(Locale.ROOT, "%,9.0f ms in all, %,d rows seen", wallMillis(), seen.get());
    return expected() == marks[0]
        ? rest
        : String.format(Locale.ROOT, "%,12.0f rows/s, %s", rowsPerSecond(), rest);
  }
}

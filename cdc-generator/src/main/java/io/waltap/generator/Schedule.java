package io.waltap.generator;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When each row is due. Every due time is computed from the start, not from the row before: neither
 * an oversleep nor a slow server makes the rate drift, what was missed is made up for.
 */
final class Schedule {

  /** Time and waiting, so that tests need neither. */
  interface Clock {
    Clock SYSTEM =
        new Clock() {
          @Override
          public long nanoTime() {
            return System.nanoTime();
          }

          @Override
          public void park(long nanos) {
            LockSupport.parkNanos(nanos);
          }
        };

    long nanoTime();

    /** Waits at most so long; may return early. */
    void park(long nanos);
  }

  private final Clock clock;
  private final double nanosPerRow;
  private final long nanosInAll;
  private final long start;

  /** Starts now. A rate of 0 means as fast as possible, no duration means without end. */
  Schedule(double rowsPerSecond, @Nullable Duration duration, Clock clock) {
    this.clock = clock;
    this.nanosPerRow = rowsPerSecond == 0 ? 0 : 1e9 / rowsPerSecond;
    this.nanosInAll = duration == null ? Long.MAX_VALUE : duration.toNanos();
    this.start = clock.nanoTime();
  }

  /**
   * Waits until the row with this number, from 0, is due.
   *
   * @return false if the duration is over or {@code stopped} became true before that
   */
  boolean await(long row, BooleanSupplier stopped) {
    long due = (long) (row * nanosPerRow);
    while (!stopped.getAsBoolean()) {
      long now = clock.nanoTime() - start;
      if (now >= nanosInAll) {
        return false;
      }
      if (now >= due) {
        return true;
      }
      clock.park(Math.min(due, nanosInAll) - now);
    }
    return false;
  }
}

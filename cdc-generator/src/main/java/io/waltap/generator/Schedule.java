package io.waltap.generator;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When each row is due: a bucket that fills by the rate, with no bound. Every due time is computed
 * from the start, not from the row before: neither an oversleep nor a slow server makes the rate
 * drift, what was missed is made up for.
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

  private static final long LATE_NANOS = 100_000_000;

  private final Clock clock;
  private final RateShape rate;
  private final long nanosInAll;
  private final long start;
  private boolean late;
  private long excusedNanos;

  /** Starts now. No duration means without end. */
  Schedule(RateShape rate, @Nullable Duration duration, Clock clock) {
    this.clock = clock;
    this.rate = rate;
    this.nanosInAll = duration == null ? Long.MAX_VALUE : duration.toNanos();
    this.start = clock.nanoTime();
  }

  /**
   * Whether the row that was waited for last began a tenth of a second too late, or more; not
   * counting pauses that are still to be made up for.
   */
  boolean isLate() {
    return late;
  }

  /** Holds still for so long, or until {@code stopped} becomes true. */
  void pause(Duration duration, BooleanSupplier stopped) {
    excusedNanos += duration.toNanos();
    long end = clock.nanoTime() + duration.toNanos();
    long left = duration.toNanos();
    while (left > 0 && !stopped.getAsBoolean()) {
      clock.park(left);
      left = end - clock.nanoTime();
    }
  }

  /**
   * Waits until the row with this number, from 0, is due.
   *
   * @return false if the duration is over or {@code stopped} became true before that
   */
  boolean await(long row, BooleanSupplier stopped) {
    long due = rate.dueNanos(row);
    while (!stopped.getAsBoolean()) {
      long now = clock.nanoTime() - start;
      if (now >= nanosInAll) {
        return false;
      }
      if (now >= due) {
        excusedNanos = now - due > LATE_NANOS ? excusedNanos : 0;
        late = !rate.isUnlimited() && now - due > LATE_NANOS + excusedNanos;
        return true;
      }
      clock.park(Math.min(due, nanosInAll) - now);
    }
    return false;
  }
}

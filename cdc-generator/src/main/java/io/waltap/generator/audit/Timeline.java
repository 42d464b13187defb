package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Lag;
import io.waltap.generator.audit.AuditReport.Moment;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How many changes came when, and with what lag, in at most {@value #MOST} moments of one length:
 * where there would be more, two become one.
 */
final class Timeline {

  private static final int MOST = 300;
  private static final int DIGITS = 2;

  private NavigableMap<Long, Slot> slots = new TreeMap<>();
  private long length = 100_000;

  private static final class Slot {
    private long changes;
    private @Nullable Histogram lags;

    void lag(long micros) {
      if (lags == null) {
        lags = new Histogram(DIGITS);
      }
      lags.recordValue(micros);
    }

    Slot plus(Slot other) {
      changes += other.changes;
      if (lags == null) {
        lags = other.lags;
      } else if (other.lags != null) {
        lags.add(other.lags);
      }
      return this;
    }
  }

  /**
   * Notes a change.
   *
   * @param time in microseconds since 1970; 0 if not known
   * @param lag in microseconds; -1 if not known
   */
  void add(long time, long lag) {
    if (time == 0) {
      return;
    }
    Slot slot = slots.computeIfAbsent(Math.floorDiv(time, length), index -> new Slot());
    slot.changes++;
    if (lag >= 0) {
      slot.lag(lag);
    }
    while (slots.lastKey() - slots.firstKey() >= MOST) {
      coarsen();
    }
  }

  private void coarsen() {
    length *= 2;
    NavigableMap<Long, Slot> coarse = new TreeMap<>();
    slots.forEach((index, slot) -> coarse.merge(Math.floorDiv(index, 2L), slot, Slot::plus));
    slots = coarse;
  }

  /** All moments from the first change to the last, those without a change among them. */
  List<Moment> moments() {
    List<Moment> moments = new ArrayList<>();
    if (!slots.isEmpty()) {
      for (long index = slots.firstKey(); index <= slots.lastKey(); index++) {
        moments.add(moment(index, slots.getOrDefault(index, new Slot())));
      }
    }
    return List.copyOf(moments);
  }

  private Moment moment(long index, Slot slot) {
    return new Moment(
        Instant.EPOCH.plus(index * length, ChronoUnit.MICROS),
        Duration.of(length, ChronoUnit.MICROS),
        slot.changes,
        slot.lags == null ? null : lag(slot.lags));
  }

  /** The percentiles of microseconds. */
  static Lag lag(Histogram lags) {
    return new Lag(at(lags, 50), at(lags, 90), at(lags, 95), at(lags, 99), at(lags, 100));
  }

  private static Duration at(Histogram lags, double percentile) {
    return Duration.of(lags.getValueAtPercentile(percentile), ChronoUnit.MICROS);
  }
}

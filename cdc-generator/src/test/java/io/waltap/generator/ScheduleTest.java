package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final long MILLI = 1_000_000;

  private final FakeClock clock = new FakeClock();

  /** Time that only passes when someone waits, or when the test says so. */
  private static final class FakeClock implements Schedule.Clock {
    private long now = 77;
    private long oversleep;
    private boolean parked;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void park(long nanos) {
      parked = true;
      now += nanos + oversleep;
    }
  }

  @Test
  void rowsAreDueAtTheRate() {
    Schedule schedule = new Schedule(RateShape.steady(50), null, clock);
    assertThat(startTimes(schedule, 4)).containsExactly(0L, 20L, 40L, 60L);
  }

  @Test
  void oversleepingDoesNotAddUp() {
    clock.oversleep = MILLI;
    Schedule schedule = new Schedule(RateShape.steady(50), null, clock);
    assertThat(startTimes(schedule, 4)).containsExactly(0L, 21L, 41L, 61L);
  }

  @Test
  void makesUpForWhatASlowServerMissed() {
    Schedule schedule = new Schedule(RateShape.steady(50), null, clock);
    schedule.await(0, () -> false);
    clock.now += 50 * MILLI;
    long after = clock.now;
    assertThat(schedule.await(1, () -> false) && schedule.await(2, () -> false)).isTrue();
    assertThat(clock.now).isEqualTo(after);
    schedule.await(3, () -> false);
    assertThat(clock.now).isEqualTo(after + 10 * MILLI);
  }

  @Test
  void aPauseIsNoLatenessUntilItIsMadeUpFor() {
    Schedule schedule = new Schedule(RateShape.steady(10), null, clock);
    schedule.await(0, () -> false);
    schedule.pause(Duration.ofSeconds(5), () -> false);
    assertThat(lateAt(schedule, 1)).isFalse();
    clock.now += 200 * MILLI;
    assertThat(lateAt(schedule, 2)).isFalse();
    clock.now += 300 * MILLI;
    assertThat(lateAt(schedule, 3)).as("later than the pause explains").isTrue();
    assertThat(lateAt(schedule, 55)).as("caught up").isFalse();
    clock.now += 500 * MILLI;
    assertThat(lateAt(schedule, 56)).isTrue();
  }

  private static boolean lateAt(Schedule schedule, long row) {
    assertThat(schedule.await(row, () -> false)).isTrue();
    return schedule.isLate();
  }

  @Test
  void rateZeroNeverWaits() {
    Schedule schedule = new Schedule(RateShape.steady(0), null, clock);
    assertThat(schedule.await(1_000_000, () -> false)).isTrue();
    assertThat(clock.parked).isFalse();
  }

  @Test
  void endsWithTheDurationAndNotLater() {
    Schedule schedule = new Schedule(RateShape.steady(1), Duration.ofMillis(2_500), clock);
    assertThat(schedule.await(2, () -> false)).isTrue();
    long begin = clock.now - 2_000 * MILLI;
    assertThat(schedule.await(3, () -> false)).isFalse();
    assertThat(clock.now - begin).isEqualTo(2_500 * MILLI);
  }

  @Test
  void stoppingEndsTheWait() {
    Schedule schedule = new Schedule(RateShape.steady(1), null, clock);
    assertThat(schedule.await(1, () -> clock.parked)).isFalse();
  }

  @Test
  void earlyWakeUpsAreNotTakenForDue() {
    clock.oversleep = -5 * MILLI;
    Schedule schedule = new Schedule(RateShape.steady(50), null, clock);
    clock.now += 14 * MILLI;
    assertThat(schedule.await(1, this::wideAwake)).isTrue();
    assertThat(clock.now - 77).isEqualTo(20 * MILLI);
  }

  /** Wakes early once; then sleeps as told. */
  private boolean wideAwake() {
    if (clock.parked) {
      clock.oversleep = 0;
    }
    return false;
  }

  private List<Long> startTimes(Schedule schedule, int rows) {
    long begin = clock.now;
    List<Long> times = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      assertThat(schedule.await(row, () -> false)).isTrue();
      times.add((clock.now - begin) / MILLI);
    }
    return times;
  }
}

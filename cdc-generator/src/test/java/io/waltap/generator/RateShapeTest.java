package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.waltap.generator.RateShape.Form;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateShapeTest {

  private static final Duration PERIOD = Duration.ofSeconds(10);

  /** Time that passes when someone waits, a bit longer than told, as it is in a computer. */
  private static final class SlowClock implements Schedule.Clock {
    private long now;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public void park(long nanos) {
      now += nanos + 60_000;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "STEADY, 100, 100, 3000",
    "STEADY, 1000, 1000, 30000",
    "STEADY, 10000, 10000, 300000",
    "RAMP, 100, 1000, 25500",
    "BURST, 100, 1000, 5700",
    "BURST, 1000, 10000, 57000",
    "SINE, 100, 1000, 16500"
  })
  void thirtySecondsBringTheRowsOfTheShape(Form form, double rate, double peak, int rows) {
    RateShape shape = new RateShape(form, rate, peak, PERIOD);
    assertThat(shape.rowsBy(30)).isCloseTo(rows, within(0.001));
    assertThat(written(shape, Duration.ofSeconds(30))).isCloseTo(rows, within(rows / 50));
  }

  /** In transactions of ten. */
  private static int written(RateShape shape, Duration duration) {
    Schedule schedule = new Schedule(shape, duration, new SlowClock());
    int rows = 0;
    while (schedule.await(rows, () -> false)) {
      rows += 10;
      assertThat(schedule.isLate()).isFalse();
    }
    return rows;
  }

  @Test
  void burstsAreInTheFirstTenthOfThePeriod() {
    RateShape burst = new RateShape(Form.BURST, 100, 1_000, PERIOD);
    assertThat(burst.rowsBy(1)).isCloseTo(1_000, within(0.001));
    assertThat(burst.rowsBy(10) - burst.rowsBy(1)).isCloseTo(900, within(0.001));
    assertThat(burst.rowsBy(11) - burst.rowsBy(10)).isCloseTo(1_000, within(0.001));
  }

  @Test
  void rampStaysAtThePeak() {
    RateShape ramp = new RateShape(Form.RAMP, 100, 1_000, PERIOD);
    assertThat(ramp.rowsBy(1)).isCloseTo(145, within(0.001));
    assertThat(ramp.rowsBy(21) - ramp.rowsBy(20)).isCloseTo(1_000, within(0.001));
  }

  @Test
  void sineSwingsBetweenRateAndPeak() {
    RateShape sine = new RateShape(Form.SINE, 100, 1_000, PERIOD);
    assertThat(sine.rowsBy(0.1)).isCloseTo(10, within(0.5));
    assertThat(sine.rowsBy(5.05) - sine.rowsBy(4.95)).isCloseTo(100, within(0.5));
  }

  @Test
  void rowsAreDueWhenTheirTokenComes() {
    RateShape sine = new RateShape(Form.SINE, 50, 500, PERIOD);
    for (int row = 0; row < 20_000; row += 777) {
      assertThat(sine.rowsBy(sine.dueNanos(row) / 1e9)).isCloseTo(row, within(0.001));
    }
  }

  @Test
  void writersShareTheRate() {
    RateShape share = new RateShape(Form.BURST, 100, 1_000, PERIOD).share(4);
    assertThat(share.rowsBy(30)).isCloseTo(5_700 / 4.0, within(0.001));
  }

  @Test
  void lateRowsAreMadeUpForAndKnown() {
    SlowClock clock = new SlowClock();
    Schedule schedule = new Schedule(RateShape.steady(100), null, clock);
    clock.now += 1_000_000_000;
    assertThat(schedule.await(10, () -> false)).isTrue();
    assertThat(schedule.isLate()).as("due 0.9 s ago").isTrue();
    assertThat(schedule.await(95, () -> false)).isTrue();
    assertThat(schedule.isLate()).as("due 0.05 s ago").isFalse();
    assertThat(clock.now).as("nobody waited").isEqualTo(1_000_000_000);
  }

  @Test
  void refusesWhatMakesNoSense() {
    refused(() -> new RateShape(Form.BURST, 100, 50, PERIOD), "the rate or more");
    refused(() -> new RateShape(Form.SINE, 0, 50, PERIOD), "shape sine needs a rate");
    refused(() -> new RateShape(Form.SINE, 1, 50, Duration.ZERO), "The period is PT0S");
    refused(() -> Form.parse("square"), "steady, ramp, burst or sine");
    refused(() -> Range.parse("5..2"), "must not be the greater");
    refused(() -> Range.parse("0"), "must be 1 or more");
    refused(() -> Range.parse("-4"), "write it like 10 or 1..50");
  }

  private static void refused(Runnable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call::run).withMessageContaining(message);
  }
}

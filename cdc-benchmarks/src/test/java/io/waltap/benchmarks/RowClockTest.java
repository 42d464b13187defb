package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RowClockTest {

  private long now = 1_000;

  @Test
  void theLeadIsATenthButMoreThanAQueueHoldsAndAtMostHalf() {
    assertThat(RowClock.lead(1_000_000)).isEqualTo(100_000);
    assertThat(RowClock.lead(50_000)).isEqualTo(20_000);
    assertThat(RowClock.lead(8_000)).isEqualTo(4_000);
  }

  @Test
  void oneRowIsEnoughForTheTimeSinceTheStart() throws Exception {
    RowClock clock = RowClock.of(1, () -> now);
    rowAfter(clock, 7_000_000);
    clock.await();

    assertThat(clock.wallMillis()).isEqualTo(7);
    assertThat(clock.summary()).contains("7 ms in all").doesNotContain("rows/s");
  }

  @Test
  void theTimeOfTheLeadDoesNotCount() {
    RowClock clock = RowClock.of(4, () -> now);
    rowAfter(clock, 5_000_000);
    rowAfter(clock, 3_000_000);
    rowAfter(clock, 1_000_000);
    rowAfter(clock, 1_000_000);

    assertThat(clock.rowsPerSecond()).isEqualTo(1_000);
    assertThat(clock.wallMillis()).isEqualTo(10);
  }

  @Test
  void partsAreFromMarkToMarkByEachClock() throws Exception {
    RowClock clock =
        RowClock.at(new TreeSet<>(List.of(1L, 2L, 4L)), () -> new Reading(now, 2 * now, 3 * now));
    rowAfter(clock, 100);
    rowAfter(clock, 10);
    rowAfter(clock, 20);
    assertThat(clock.isDone()).isFalse();
    rowAfter(clock, 30);

    assertThat(clock.isDone()).isTrue();
    assertThat(clock.nanosPerRow(1, 2)).isEqualTo(10);
    assertThat(clock.nanosPerRow(1, 4)).isEqualTo(20);
    assertThat(clock.perRow(Reading::threads, 2, 4)).isEqualTo(50);
    assertThat(clock.perRow(Reading::process, 2, 4)).isEqualTo(75);
  }

  @Test
  void aRowTooManyIsNoticed() {
    RowClock clock = RowClock.of(2, () -> now);
    clock.row("1");
    clock.row("2");
    clock.check(Candidates.RAW);
    clock.row("2 again");

    assertThatThrownBy(() -> clock.check(Candidates.RAW))
        .hasMessage("raw pgoutput saw 3 rows instead of 2.");
  }

  private void rowAfter(RowClock clock, long nanos) {
    now += nanos;
    clock.row("a row");
  }
}

package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.benchmarks.Growth.Stretch;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GrowthTest {

  private long now;

  @Test
  void theTimeIsThatOfTheMiddlePartAndTheWorkThatOfAll() {
    Stretch stretch = new Stretch(2, 10, 3);
    TreeSet<Long> marks = new TreeSet<>();
    stretch.marks().forEach(marks::add);
    assertThat(marks).containsExactly(2L, 12L, 22L, 32L);
    RowClock clock = RowClock.at(marks, () -> new Reading(now, now, now));
    rows(clock, 2, 1_000); // before the stretch
    rows(clock, 10, 7);
    rows(clock, 10, 900); // disturbed
    rows(clock, 10, 5);

    assertThat(stretch.nanosPerChange(clock)).isEqualTo(7);
    assertThat(clock.perRow(Reading::threads, stretch.from(), stretch.end())).isEqualTo(304);
  }

  private void rows(RowClock clock, int count, long nanos) {
    for (int i = 0; i < count; i++) {
      now += nanos;
      clock.row("a row");
    }
  }
}

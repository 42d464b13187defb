package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.Totals;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RowsBySecondTest {

  private final AtomicLong nanos = new AtomicLong(77);
  private final RowsBySecond rows = new RowsBySecond(3, nanos::get);

  @Test
  void averageIsOverTheTimeThatReallyPassed() {
    committed(0, 30);
    nanos.set(77 + 4_000_000_000L);
    assertThat(rows.average()).isEqualTo(7.5);
  }

  @Test
  void aSecondThatWasMadeUpForLaterStillShows() {
    committed(100, 10);
    committed(900, 20);
    committed(1_500, 21);
    committed(2_100, 60);
    committed(3_100, 61);
    assertThat(rows.fewest()).isEqualTo(1.0);
  }

  private void committed(long millis, long rowsInAll) {
    nanos.set(77 + millis * 1_000_000);
    rows.accept(new Totals(rowsInAll, 0, 0));
  }
}

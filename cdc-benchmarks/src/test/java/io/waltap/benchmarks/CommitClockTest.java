package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CommitClockTest {

  private long now = 1_000;

  private final CommitClock clock = new CommitClock(4, () -> now);

  @Test
  void percentilesAreThoseOfTheRowsAskedFor() throws Exception {
    commit(0, 50_000_000);
    commit(1, 1_000_000);
    commit(2, 4_000_000);
    commit(3, 2_000_000);
    clock.await();

    assertThat(clock.millis(0, 1, 0.5)).isEqualTo(50);
    assertThat(clock.millis(1, 4, 0.5)).isEqualTo(2);
    assertThat(clock.millis(1, 4, 0.99)).isEqualTo(4);
  }

  @Test
  void theRateIsThatOfTheCommitsBetweenTheFirstAndTheLast() {
    commit(0, 100_000_000);
    commit(1, 100_000_000);
    commit(2, 100_000_000);

    assertThat(clock.rate(0, 3)).isEqualTo(10);
  }

  /** A commit whose row takes that long. */
  private void commit(int row, long nanos) {
    clock.sent(row);
    now += nanos;
    clock.row("a row");
  }
}

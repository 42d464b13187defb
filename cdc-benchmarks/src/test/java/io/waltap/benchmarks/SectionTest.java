package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SectionTest {

  private static final Metric SPEED = new Metric("inserts", "rows/s", 0);

  private final Section section = new Section("Streaming", "", Candidates.few());

  @Test
  void aCellHasTheMedianTheSpreadAndTheShareOfTheFirstCandidate() {
    add(Candidates.RAW, 4_000);
    add(Candidates.RECORD, 1_000, 3_000, 2_000);

    assertThat(section.cell(SPEED, "raw pgoutput")).isEqualTo("4,000");
    assertThat(section.cell(SPEED, "WalTap, record")).isEqualTo("2,000 (1,000–3,000), 0.50 ×");
  }

  @Test
  void whatWasNotMeasuredIsADash() {
    add(Candidates.RAW, 4_000);

    assertThat(section.cell(SPEED, "stock, Connect")).isEqualTo("–");
    assertThat(section.median(SPEED, "stock, Connect")).isNaN();
  }

  @Test
  void oneFailedRoundFailsTheWhole() {
    add(Candidates.CONNECT, 1_000, 1_100);
    section.fail(SPEED, Candidates.CONNECT, "out of memory");

    assertThat(section.cell(SPEED, "stock, Connect")).isEqualTo("out of memory");
    assertThat(section.median(SPEED, "stock, Connect")).isNaN();
  }

  private void add(Candidate candidate, double... values) {
    for (double value : values) {
      section.add(SPEED, candidate, value);
    }
  }
}

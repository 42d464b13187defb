package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SeriesTest {

  private static final Series ODD = new Series(List.of(30.0, 10.0, 20.0));
  private static final Series EVEN = new Series(List.of(20.0, 80.0, 60.0, 40.0));

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(ODD.median()).isEqualTo(20);
    assertThat(EVEN.median()).isEqualTo(50);
  }

  @Test
  void theSpreadIsTheLeastAndTheMost() {
    assertThat(EVEN.least()).isEqualTo(20);
    assertThat(EVEN.most()).isEqualTo(80);
  }
}

package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedsTest {

  private static final Speeds STOCK = new Speeds("stock", List.of(30.0, 10.0, 20.0));
  private static final Speeds OURS = new Speeds("ours", List.of(20.0, 80.0, 60.0, 40.0));

  @Test
  void theMedianIsTheMiddleOrTheMeanOfTheTwoInTheMiddle() {
    assertThat(STOCK.median()).isEqualTo(20);
    assertThat(OURS.median()).isEqualTo(50);
  }

  @Test
  void theTableComparesMediansAndShowsTheSpread() {
    assertThat(Speeds.table(List.of(STOCK, OURS), STOCK, OURS).lines().toList().get(2))
        .matches("ours +50 +20 - +80 +2.50x +100%");
  }
}

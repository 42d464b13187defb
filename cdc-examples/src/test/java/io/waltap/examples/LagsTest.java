package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LagsTest {

  private final Lags lags = new Lags();

  @Test
  void percentilesAreByNearestRank() {
    for (int i = 2_000; i > 0; i--) {
      lags.add(Duration.ofMillis(i));
    }
    assertThat(lags.percentile(50)).isEqualTo(Duration.ofSeconds(1));
    assertThat(lags.percentile(99)).isEqualTo(Duration.ofMillis(1_980));
    assertThat(lags.percentile(100)).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void oneLagIsEveryPercentile() {
    lags.add(Duration.ofMillis(7));
    assertThat(lags.percentile(50)).isEqualTo(Duration.ofMillis(7));
    assertThat(lags.percentile(99)).isEqualTo(Duration.ofMillis(7));
  }

  @Test
  void onlyTheLatestAreKept() {
    for (int i = 0; i < 150_000; i++) {
      lags.add(Duration.ofMillis(i < 50_000 ? 1 : 2));
    }
    assertThat(lags.percentile(1)).isEqualTo(Duration.ofMillis(2));
  }

  @Test
  void noneHasNoPercentile() {
    assertThat(lags.isEmpty()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> lags.percentile(50));
  }
}

package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {

  @Test
  void readsWhatPeopleType() {
    assertThat(Durations.parse("20s")).isEqualTo(Duration.ofSeconds(20));
    assertThat(Durations.parse("5m")).isEqualTo(Duration.ofMinutes(5));
    assertThat(Durations.parse("1h30m")).isEqualTo(Duration.ofMinutes(90));
    assertThat(Durations.parse("0.5s")).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void readsIso() {
    assertThat(Durations.parse("PT20S")).isEqualTo(Duration.ofSeconds(20));
  }

  @Test
  void saysHowToWriteOne() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Durations.parse("soon"))
        .withMessage("'soon' is not a duration: write it like 20s, 5m or PT20S.");
  }
}

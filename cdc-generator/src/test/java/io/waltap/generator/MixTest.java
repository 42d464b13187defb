package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MixTest {

  @Test
  void readsWeightsInAnyOrder() {
    assertThat(Mix.parse("delete=1, insert=7,update=2")).isEqualTo(new Mix(7, 2, 1));
  }

  @Test
  void leftOutOperationsHaveWeightZero() {
    assertThat(Mix.parse("update=3")).isEqualTo(new Mix(0, 3, 0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "upsert=1 | Unknown word 'upsert'",
        "insert=1,insert | 'insert' is no part of a mix",
        "insert=many | 'many' in the mix is not a whole number",
        "insert=-1 | negative",
        "insert=0 | All weights of the mix are 0",
        "'' | is no part of a mix"
      })
  void saysWhatIsWrongAndHowToWriteIt(String text, String complaint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Mix.parse(text))
        .withMessageContaining(complaint)
        .withMessageEndingWith("write it like insert=70,update=20,delete=10.");
  }

  @Test
  void choosesInProportion() {
    Random random = new Random(7);
    Map<Mix.Operation, Integer> chosen = new EnumMap<>(Mix.Operation.class);
    for (int i = 0; i < 100_000; i++) {
      chosen.merge(Mix.DEFAULT.choose(random), 1, Integer::sum);
    }
    assertThat(chosen.get(Mix.Operation.INSERT)).isCloseTo(70_000, within(700));
    assertThat(chosen.get(Mix.Operation.UPDATE)).isCloseTo(20_000, within(700));
    assertThat(chosen.get(Mix.Operation.DELETE)).isCloseTo(10_000, within(700));
  }

  @Test
  void neverChoosesWhatHasWeightZero() {
    Random random = new Random(7);
    Mix mix = Mix.parse("insert=1,delete=1");
    for (int i = 0; i < 1_000; i++) {
      assertThat(mix.choose(random)).isNotEqualTo(Mix.Operation.UPDATE);
    }
  }
}

package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.chaos.FaultPlan.Step;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FaultPlanTest {

  private static List<Step> steps(long seed, double kills, int count) {
    FaultPlan plan = new FaultPlan(new Random(seed), kills);
    return Stream.generate(plan::next).limit(count).toList();
  }

  @Test
  void oneSeedDrawsTheSame() {
    assertThat(steps(7, 0.6, 200)).isEqualTo(steps(7, 0.6, 200));
    assertThat(steps(7, 0.6, 200)).isNotEqualTo(steps(8, 0.6, 200));
  }

  @Test
  void everyOtherFaultComesBeforeAnyComesAgain() {
    int kinds = (int) Stream.of(Fault.values()).filter(fault -> !fault.isKill()).count();

    assertThat(steps(1, 0, kinds)).extracting(Step::fault).doesNotHaveDuplicates();
    assertThat(steps(1, 0, 2 * kinds)).extracting(Step::fault).noneMatch(Fault::isKill);
  }

  @Test
  void killsHaveTheirPart() {
    assertThat(steps(1, 0.75, 10_000))
        .filteredOn(step -> step.fault().isKill())
        .hasSizeBetween(7_300, 7_700);
  }

  @Test
  void everyMomentComes() {
    assertThat(steps(1, 0.5, 200))
        .extracting(Step::moment)
        .contains(Moment.START_UP, Moment.CATCH_UP, Moment.LOAD, Moment.IDLE);
  }
}

package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetsTest {

  private static final Plan PLAN = Plan.quick();

  private final Section streaming = new Section("", "", Candidates.everyWay());
  private final Section growth = new Section("", "", Candidates.few());

  @Test
  void aTargetIsMetOrMissedByTheRatioOfMedians() {
    Metric speed = StreamingSpeed.speed(StreamingSpeed.THOUSANDS);
    streaming.add(speed, Candidates.RAW, 100);
    streaming.add(speed, Candidates.JSON, 30);
    streaming.add(speed, Candidates.CONNECT, 50);
    streaming.add(speed, Candidates.RECORD, 62);

    assertThat(about(StreamingSpeed.THOUSANDS))
        .extracting(Targets.Target::measured, Targets.Target::met)
        .containsExactly(tuple("2.07 ×", "yes"), tuple("1.24 ×", "no"), tuple("0.62 ×", "yes"));
  }

  @Test
  void growthIsHowFarTheExtremesAreFromTheirMiddle() {
    growth.add(Growth.time(Growth.behind(10_000)), Candidates.RECORD, 90);
    growth.add(Growth.time(Growth.behind(100_000)), Candidates.RECORD, 110);
    growth.add(Growth.time(Growth.in(1)), Candidates.RECORD, 80);
    growth.add(Growth.time(Growth.in(1_000)), Candidates.RECORD, 120);

    assertThat(about("time per change"))
        .extracting(Targets.Target::measured, Targets.Target::met)
        .containsExactly(tuple("10.00 %", "yes"), tuple("20.00 %", "no"));
  }

  @Test
  void workersWithNothingToDoAreHeldAgainstOneThread() {
    Metric speed = StreamingSpeed.speed(StreamingSpeed.THOUSANDS);
    streaming.add(speed, Candidates.RECORD, 100);
    streaming.add(speed, Candidates.WORKERS, 84);

    assertThat(about("workers"))
        .extracting(Targets.Target::measured, Targets.Target::met)
        .containsExactly(tuple("0.84 ×", "no"));
  }

  @Test
  void whatWasNotMeasuredIsNeitherMetNorMissed() {
    assertThat(Targets.of(new Results(Map.of()), PLAN))
        .hasSizeGreaterThan(10)
        .allSatisfy(target -> assertThat(target.met()).isEqualTo("–"));
  }

  private List<Targets.Target> about(String what) {
    Results results = new Results(Map.of("streaming", streaming, "growth", growth));
    return Targets.of(results, PLAN).stream().filter(t -> t.what().startsWith(what)).toList();
  }
}

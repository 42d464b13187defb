package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.audit.AuditReport.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TimelineTest {

  private static final long BEGIN = 1_767_225_600_000_000L; // 2026-01-01T00:00:00Z

  private final Timeline timeline = new Timeline();

  @Test
  void gapsAreMomentsWithoutChanges() {
    timeline.add(BEGIN, 1_000);
    timeline.add(BEGIN + 99_999, 3_000);
    timeline.add(BEGIN + 300_000, -1);
    List<Moment> moments = timeline.moments();
    assertThat(moments).extracting(Moment::changes).containsExactly(2L, 0L, 0L, 1L);
    assertThat(moments.get(0).begin()).isEqualTo(Instant.parse("2026-01-01T00:00:00Z"));
    assertThat(Objects.requireNonNull(moments.get(0).lag()).max())
        .isBetween(Duration.ofMillis(3), Duration.ofNanos(3_040_000));
    assertThat(moments.get(1).lag()).isNull();
    assertThat(moments.get(3).lag()).isNull();
  }

  @Test
  void aLongTimeIsKeptInFewMomentsAndLosesNoChange() {
    int hours = 24;
    for (int i = 0; i < hours * 3600; i++) {
      timeline.add(BEGIN + i * 1_000_000L, i % 7 == 0 ? -1 : i);
    }
    List<Moment> moments = timeline.moments();
    assertThat(moments).hasSizeBetween(100, 300);
    assertThat(moments.stream().mapToLong(Moment::changes).sum()).isEqualTo(hours * 3600L);
    assertThat(moments).extracting(Moment::length).containsOnly(moments.get(0).length());
    for (int i = 1; i < moments.size(); i++) {
      Moment before = moments.get(i - 1);
      assertThat(moments.get(i).begin()).isEqualTo(before.begin().plus(before.length()));
    }
    Moment last = moments.get(moments.size() - 1);
    assertThat(Objects.requireNonNull(last.lag()).max())
        .isBetween(Duration.ofNanos(86_000_000), Duration.ofNanos(87_400_000));
  }

  @Test
  void timesOfAllEpochsAreTaken() {
    timeline.add(BEGIN, 1);
    timeline.add(-62_135_596_800_000_000L, 1); // the year 1
    timeline.add(253_402_300_799_000_000L, 1); // the year 9999
    timeline.add(0, 1); // not known
    assertThat(timeline.moments().stream().mapToLong(Moment::changes).sum()).isEqualTo(3);
    assertThat(timeline.moments()).hasSizeBetween(2, 300);
  }
}

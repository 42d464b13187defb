package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.AuditReport.Finding;
import io.waltap.generator.audit.AuditReport.Lag;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Counts what the audit finds. */
final class Tally {

  private static final int DIGITS = 3;

  private final int wanted;
  private final Map<Defect, Long> counts = new EnumMap<>(Defect.class);
  private final Map<Defect, List<String>> examples = new EnumMap<>(Defect.class);
  private final Histogram lags = new Histogram(DIGITS);
  long expected;
  long delivered;
  long repeated;
  long snapshotRows;
  long transactions;
  long restarts;

  /**
   * @param wanted how many examples of each kind to keep
   */
  Tally(int wanted) {
    this.wanted = wanted;
  }

  void found(Defect defect, Supplier<String> example) {
    found(defect, 1, example);
  }

  void found(Defect defect, long count, Supplier<String> example) {
    counts.merge(defect, count, Long::sum);
    List<String> kept = examples.computeIfAbsent(defect, d -> new ArrayList<>());
    if (kept.size() < wanted) {
      kept.add(example.get());
    }
  }

  /** Notes the lag of a first delivery, in microseconds. */
  void lag(long micros) {
    if (micros >= 0) {
      lags.recordValue(micros);
    }
  }

  AuditReport report() {
    Map<Defect, Finding> findings = new EnumMap<>(Defect.class);
    counts.forEach(
        (defect, count) ->
            findings.put(
                defect, new Finding(count, List.copyOf(examples.getOrDefault(defect, List.of())))));
    return new AuditReport(
        expected,
        delivered,
        repeated,
        snapshotRows,
        transactions,
        restarts,
        Map.copyOf(findings),
        lag());
  }

  private @Nullable Lag lag() {
    return lags.getTotalCount() == 0 ? null : new Lag(at(50), at(95), at(99), at(100));
  }

  private Duration at(double percentile) {
    return Duration.of(lags.getValueAtPercentile(percentile), ChronoUnit.MICROS);
  }
}

package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.AuditReport.Finding;
import io.waltap.generator.audit.AuditReport.Lag;
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
  private final Timeline timeline = new Timeline();
  long expected;
  long delivered;
  long repeated;
  long snapshotRows;
  long transactions;
  long restarts;
  long unjudged;

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

  /**
   * Notes when a change came.
   *
   * @param first whether it is its first delivery, whose lag counts
   */
  void came(Delivered change, boolean first) {
    long lag = first ? change.lag() : -1;
    if (lag >= 0) {
      lags.recordValue(lag);
    }
    timeline.add(change.arrived() == 0 ? change.committed() : change.arrived(), lag);
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
        unjudged,
        Map.copyOf(findings),
        lag(),
        timeline.moments());
  }

  private @Nullable Lag lag() {
    return lags.getTotalCount() == 0 ? null : Timeline.lag(lags);
  }
}

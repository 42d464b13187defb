package io.waltap.benchmarks;

import java.util.List;
import java.util.stream.Stream;

/**
 * How many changes a second each candidate catches up with, by the size of transactions, the kind
 * of change and the width of the table.
 */
final class StreamingSpeed implements Measure {

  /** What the targets are about. */
  static final String THOUSANDS = "inserts, 1,000 a transaction";

  static final String SINGLES = "inserts, 1 a transaction";

  @Override
  public String name() {
    return "streaming";
  }

  /** The metric of a workload. */
  static Metric speed(String workload) {
    return new Metric(workload, "rows/s", 0);
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Streaming",
            """
            All changes are in the log before the first candidate attaches. The clock runs from \
            the end of the lead (a tenth of the rows, and more than any queue holds) to the last \
            row; *with the start* counts everything from the call that starts the candidate.""",
            Candidates.everyWay());
    for (Workload workload : workloads(bench.plan())) {
      Metric speed = speed(workload.label());
      Metric whole = new Metric(workload.label() + ", with the start", "rows/s in all", 0);
      bench.stream(
          workload,
          Candidates.everyWay(),
          (candidate, clock) -> {
            section.add(speed, candidate, clock.rowsPerSecond());
            section.add(whole, candidate, workload.rows() * 1e3 / clock.wallMillis());
          });
    }
    return section;
  }

  private static List<Workload> workloads(Plan plan) {
    WorkTable<?> table = WorkTable.TRANSACTIONS;
    List<Workload> targeted =
        List.of(
            Workload.inserts(THOUSANDS, table, plan.rows(), 1_000),
            Workload.inserts(SINGLES, table, dear(plan), 1));
    return plan.targetsOnly() ? targeted : Stream.concat(targeted.stream(), others(plan)).toList();
  }

  private static Stream<Workload> others(Plan plan) {
    WorkTable<?> table = WorkTable.TRANSACTIONS;
    return Stream.of(
        Workload.inserts("inserts, 10,000 a transaction", table, plan.some(), 10_000),
        Workload.updates("updates with full images", table, dear(plan), 1_000),
        Workload.inserts("narrow table, 3 columns", WorkTable.NARROW, plan.some(), 1_000),
        Workload.inserts("wide table, 60 columns", WorkTable.WIDE, dear(plan) / 2, 1_000));
  }

  /** Single rows, two images and many columns take their time, so there are fewer of them. */
  private static long dear(Plan plan) {
    return Math.max(plan.rows() / 10, Math.min(plan.rows(), 40_000));
  }
}

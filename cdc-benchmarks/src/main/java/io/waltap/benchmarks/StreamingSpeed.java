package io.waltap.benchmarks;

import java.util.List;

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
            Candidates.streaming());
    for (Workload workload : workloads(bench.plan().rows())) {
      Metric speed = speed(workload.label());
      Metric whole = new Metric(workload.label() + ", with the start", "rows/s in all", 0);
      bench.stream(
          workload,
          Candidates.streaming(),
          (candidate, clock) -> {
            section.add(speed, candidate, clock.rowsPerSecond());
            section.add(whole, candidate, workload.rows() * 1e3 / clock.wallMillis());
          });
    }
    return section;
  }

  /** Single rows and wide ones are dear, so there are fewer of them. */
  private static List<Workload> workloads(long rows) {
    WorkTable<?> table = WorkTable.TRANSACTIONS;
    long single = Math.max(rows / 10, Math.min(rows, 20_000));
    long wide = Math.max(rows / 5, Math.min(rows, 20_000));
    return List.of(
        Workload.inserts(THOUSANDS, table, rows, 1_000),
        Workload.inserts(SINGLES, table, single, 1),
        Workload.inserts("inserts, 10,000 a transaction", table, rows, 10_000),
        Workload.updates("updates with full images", table, Math.max(2, rows / 2), 1_000),
        Workload.inserts("narrow table, 3 columns", WorkTable.NARROW, rows, 1_000),
        Workload.inserts("wide table, 60 columns", WorkTable.WIDE, wide, 1_000));
  }
}

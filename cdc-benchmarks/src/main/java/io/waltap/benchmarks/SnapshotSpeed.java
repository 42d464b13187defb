package io.waltap.benchmarks;

import java.util.List;

/** How many rows a second a first start reads from a table that is full. */
final class SnapshotSpeed implements Measure {

  static final Metric SPEED = new Metric("snapshot", "rows/s", 0);
  private static final Metric WHOLE = new Metric("snapshot, with the start", "rows/s in all", 0);
  private static final String SLOT = "bench_snapshot";

  @Override
  public String name() {
    return "snapshot";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Snapshot",
            """
            The rows that a table holds, as a first start delivers them. The limit is one JDBC \
            cursor over the same table, 10,000 rows a fetch.""",
            Candidates.snapshot());
    long rows = Math.max(bench.plan().some(), bench.plan().rows() / 2);
    Workload workload = Workload.inserts("snapshot", WorkTable.TRANSACTIONS, rows, 10_000);
    workload.prepare(bench.server());
    workload.write(bench.server());
    bench.server().execute("VACUUM (FREEZE, ANALYZE) " + WorkTable.TRANSACTIONS.name());
    for (int round = 1; round <= bench.plan().rounds(); round++) {
      for (Candidate candidate : Candidates.snapshot()) {
        RowClock clock = read(bench, candidate, rows);
        bench.progress().step(workload.label(), round, candidate, clock.summary());
        section.add(SPEED, candidate, clock.rowsPerSecond());
        section.add(WHOLE, candidate, rows * 1e3 / clock.wallMillis());
      }
    }
    return section;
  }

  private static RowClock read(Bench bench, Candidate candidate, long rows) throws Exception {
    RowClock clock = RowClock.of(rows);
    try {
      candidate.receive(
          new Feed(bench.server().url(), SLOT, List.of(WorkTable.TRANSACTIONS), true), clock);
    } finally {
      bench.server().dropSlots(List.of(SLOT));
    }
    clock.check(candidate);
    return clock;
  }
}

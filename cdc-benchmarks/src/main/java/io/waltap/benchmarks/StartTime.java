package io.waltap.benchmarks;

/** How long it takes from the call that starts a candidate to its first change. */
final class StartTime implements Measure {

  static final Metric FIRST = new Metric("start to first change", "ms", 0);

  /** Starts are short and their times scatter. */
  private static final int STARTS_A_ROUND = 3;

  @Override
  public String name() {
    return "start";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Start",
            """
            From the call that starts a candidate to its first change, which waits in the slot. \
            Classes are loaded and warm: connections and checks are what is measured.""",
            Candidates.streaming());
    Workload workload = Workload.inserts("start to first change", WorkTable.TRANSACTIONS, 1, 1);
    int starts = bench.plan().rounds() * STARTS_A_ROUND;
    try (Backlog backlog = Backlog.write(bench, workload, Candidates.streaming(), starts)) {
      backlog.eachInTurn((candidate, clock) -> section.add(FIRST, candidate, clock.wallMillis()));
    }
    return section;
  }
}

package io.waltap.benchmarks;

import java.util.List;

/**
 * What measures work with.
 *
 * @param progress is told of every step
 */
record Bench(BenchmarkServer server, Plan plan, Progress progress) {

  private static final long MOST_TO_WARM = 200_000;

  /** Streams some rows to every candidate, so that none starts cold. */
  void warmUp() throws Exception {
    long rows = Math.min(MOST_TO_WARM, plan.rows() / 2);
    Workload workload = Workload.inserts("warm-up", WorkTable.TRANSACTIONS, rows, 1_000);
    try (Backlog backlog = Backlog.write(this, workload, Candidates.everyWay(), 1)) {
      backlog.eachInTurn((candidate, clock) -> {});
    }
  }

  /** Writes a backlog and has all candidates receive it in turns. */
  void stream(Workload workload, List<Candidate> candidates, Backlog.Reading reading)
      throws Exception {
    try (Backlog backlog = Backlog.write(this, workload, candidates, plan.rounds())) {
      backlog.eachInTurn(reading);
    }
  }
}

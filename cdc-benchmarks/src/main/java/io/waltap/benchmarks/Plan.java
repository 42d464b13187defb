package io.waltap.benchmarks;

import java.util.List;

/**
 * How much is measured.
 *
 * @param rows in the streaming runs that targets are about; what has no target or is dear takes a
 *     share
 * @param rounds how often each candidate has its turn
 * @param targetsOnly whether streaming workloads that no target is about are left out
 * @param idleSeconds how long an engine is watched idle; 0 for not at all
 * @param commits how many commits to time at each rate
 * @param rates commits a second; 50 is one of them
 * @param heaps in which candidates receive, as {@code -Xmx} takes them; 128m is one of them
 * @param heapRows rows that a heap of 128m has to bear
 * @param lengths numbers of changes behind which one stream is looked at, ascending, at least two
 * @param tableCounts numbers of tables that changes are spread over
 * @param generatedRows rows that the generator writes
 * @param rateSeconds for how long it holds a rate
 */
record Plan(
    long rows,
    int rounds,
    boolean targetsOnly,
    int idleSeconds,
    List<Integer> commits,
    List<Integer> rates,
    List<String> heaps,
    long heapRows,
    List<Long> lengths,
    List<Integer> tableCounts,
    long generatedRows,
    int rateSeconds) {

  private static final List<Integer> RATES = List.of(1, 50, 1_000);

  static Plan full() {
    return new Plan(
        1_000_000,
        3,
        false,
        5,
        List.of(10, 500, 3_000),
        RATES,
        List.of("64m", "128m", "1g"),
        1_000_000,
        List.of(10_000L, 100_000L, 1_000_000L, 10_000_000L),
        List.of(1, 10, 1_000),
        200_000,
        30);
  }

  static Plan quick() {
    return new Plan(
        40_000,
        1,
        true,
        2,
        List.of(1, 50, 300),
        RATES,
        List.of("128m"),
        30_000,
        List.of(10_000L, 100_000L),
        List.of(1, 1_000),
        50_000,
        2);
  }

  /** The same with other figures, as far as they are given. */
  Plan with(long rows, int rounds) {
    return new Plan(
        rows,
        rounds,
        targetsOnly,
        idleSeconds,
        commits,
        rates,
        heaps,
        heapRows,
        lengths,
        tableCounts,
        generatedRows,
        rateSeconds);
  }

  /** The same with commits at one of its rates only, and nothing idle. */
  Plan onlyAt(int rate) {
    return new Plan(
        rows,
        rounds,
        targetsOnly,
        0,
        List.of(commits.get(rates.indexOf(rate))),
        List.of(rate),
        heaps,
        heapRows,
        lengths,
        tableCounts,
        generatedRows,
        rateSeconds);
  }

  /** How many of the rows there are where no target says a number. */
  long some() {
    return Math.max(rows / 5, Math.min(rows, 40_000));
  }

  /** At most so many replication slots are needed at a time. */
  int slots() {
    return 20 + rounds * 5 * Candidates.everyWay().size();
  }
}

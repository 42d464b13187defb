package io.waltap.benchmarks;

import java.util.List;

/**
 * How much is measured.
 *
 * @param rows in each streaming run and snapshot; workloads whose rows are dear take a share
 * @param rounds how often each candidate has its turn
 * @param idleSeconds how long an engine is watched idle
 * @param commits how many commits to time at each rate
 * @param rates commits a second
 * @param heapRows rows that small heaps have to bear
 * @param lengths numbers of changes in one stream, ascending
 * @param tableCounts numbers of tables that changes are spread over
 * @param generatedRows rows that the generator writes
 * @param rateSeconds for how long it holds a rate
 */
record Plan(
    long rows,
    int rounds,
    int idleSeconds,
    List<Integer> commits,
    List<Integer> rates,
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
        10,
        List.of(20, 500, 3_000),
        RATES,
        1_000_000,
        List.of(10_000L, 100_000L, 1_000_000L, 10_000_000L),
        List.of(1, 10, 1_000),
        200_000,
        30);
  }

  static Plan quick() {
    return new Plan(
        30_000,
        1,
        2,
        List.of(2, 50, 300),
        RATES,
        30_000,
        List.of(10_000L, 100_000L),
        List.of(1, 10, 1_000),
        50_000,
        3);
  }

  /** The same with other figures, as far as they are given. */
  Plan with(long rows, int rounds) {
    return new Plan(
        rows,
        rounds,
        idleSeconds,
        commits,
        rates,
        heapRows,
        lengths,
        tableCounts,
        generatedRows,
        rateSeconds);
  }

  /** At most so many replication slots are needed at a time. */
  int slots() {
    return 20 + rounds * 5 * Candidates.streaming().size();
  }
}

package io.waltap.benchmarks;

/** One way to receive the rows. */
interface Candidate {

  /** The name in the table of results. */
  String name();

  /**
   * Receives from a slot until all rows have come, then stops.
   *
   * @param slot stands before the first row; nobody else uses it
   */
  void receive(BenchmarkServer server, String slot, Arrivals arrivals) throws Exception;
}

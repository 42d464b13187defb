package io.waltap.benchmarks;

/** Is told of every row that a candidate receives. */
interface Arrivals {

  /**
   * A row has come.
   *
   * @param change what the candidate was given for it, in the candidate's own form
   */
  void row(Object change);

  /** Whether all rows have come. */
  boolean isDone();

  /**
   * Waits for the last row.
   *
   * @throws IllegalStateException if none comes for a minute
   */
  void await() throws InterruptedException;
}

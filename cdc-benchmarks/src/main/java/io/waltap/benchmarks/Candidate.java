package io.waltap.benchmarks;

/** One way to receive rows. {@link Candidates} lists them. */
interface Candidate extends Contender {

  /** Receives until all rows have come, then stops. */
  void receive(Feed feed, Arrivals arrivals) throws Exception;
}

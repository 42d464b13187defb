package io.waltap.benchmarks;

/** One thing that is measured of every candidate. */
interface Measure {

  /** What {@code --only} calls it. */
  String name();

  /** Measures it. */
  Section measure(Bench bench) throws Exception;
}

package io.waltap.benchmarks;

/** Whose figures stand in a column of the results. */
interface Contender {

  /** The name in the tables of results. */
  String name();
}

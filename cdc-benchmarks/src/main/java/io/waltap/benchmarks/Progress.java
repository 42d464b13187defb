package io.waltap.benchmarks;

import java.io.PrintWriter;

/** Says each step on a line of its own. */
record Progress(PrintWriter out) {

  /**
   * Says that a candidate is through.
   *
   * @param result what came of it
   */
  void step(String what, int round, Contender candidate, String result) {
    say("%-44s %2d  %-16s %s".formatted(what, round, candidate.name(), result));
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }
}

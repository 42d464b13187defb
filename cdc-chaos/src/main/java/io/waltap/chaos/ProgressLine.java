package io.waltap.chaos;

import java.io.PrintStream;
import java.time.Duration;

/** Says from time to time how far it is. A line, not a bar: it goes through Maven and into logs. */
final class ProgressLine {

  private static final Duration PERIOD = Duration.ofSeconds(10);

  private final PrintStream out;
  private long last = System.nanoTime();

  ProgressLine(PrintStream out) {
    this.out = out;
  }

  void show(Report report) {
    if (System.nanoTime() - last > PERIOD.toNanos()) {
      last = System.nanoTime();
      out.println(report.line());
      out.flush();
    }
  }
}

package io.waltap.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * How fast one candidate was, round by round.
 *
 * @param name the candidate
 * @param rowsPerSecond one figure a round, at least one
 */
record Speeds(String name, List<Double> rowsPerSecond) {

  double median() {
    double[] sorted = sorted();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  double least() {
    return sorted()[0];
  }

  double most() {
    return sorted()[rowsPerSecond.size() - 1];
  }

  private double[] sorted() {
    return rowsPerSecond.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  /** A table with one line a candidate, compared with two of them. */
  static String table(List<Speeds> all, Speeds stock, Speeds raw) {
    StringBuilder table = new StringBuilder();
    table.append(
        "%-20s %12s %21s %10s %8s%n".formatted("", "rows/s", "min - max", "of stock", "of raw"));
    for (Speeds speeds : all) {
      table.append(
          String.format(
              Locale.ROOT,
              "%-20s %,12.0f %,10.0f -%,9.0f %9.2fx %7.0f%%%n",
              speeds.name,
              speeds.median(),
              speeds.least(),
              speeds.most(),
              speeds.median() / stock.median(),
              100 * speeds.median() / raw.median()));
    }
    return table.toString();
  }
}

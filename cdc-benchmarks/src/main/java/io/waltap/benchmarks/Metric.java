package io.waltap.benchmarks;

import java.util.Locale;

/**
 * What a figure says.
 *
 * @param name what was measured
 * @param unit what one is
 * @param decimals how many digits behind the point are worth reading
 */
record Metric(String name, String unit, int decimals) {

  /** A figure without its unit. */
  String format(double value) {
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }
}

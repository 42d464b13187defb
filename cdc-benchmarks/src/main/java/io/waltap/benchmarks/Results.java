package io.waltap.benchmarks;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * The figures of a run.
 *
 * @param sections by the names of their measures, in the order of the report
 */
record Results(Map<String, Section> sections) {

  /** A median, or nothing if it was not measured. */
  OptionalDouble median(String measure, Metric metric, Contender candidate) {
    Section section = sections.get(measure);
    double median = section == null ? Double.NaN : section.median(metric, candidate.name());
    return Double.isNaN(median) ? OptionalDouble.empty() : OptionalDouble.of(median);
  }

  /** A median of one candidate by that of another, or nothing if one was not measured. */
  OptionalDouble ratio(String measure, Metric metric, Contender candidate, Contender other) {
    OptionalDouble above = median(measure, metric, candidate);
    OptionalDouble below = median(measure, metric, other);
    return above.isPresent() && below.isPresent()
        ? OptionalDouble.of(above.getAsDouble() / below.getAsDouble())
        : OptionalDouble.empty();
  }
}

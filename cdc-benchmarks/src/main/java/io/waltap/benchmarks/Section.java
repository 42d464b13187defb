package io.waltap.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The figures of one measure: metrics down, candidates across. Not safe for several threads. */
final class Section {

  /** The share of the limit says nothing here: it costs nothing, or is the same for all. */
  private static final Set<String> NOT_COMPARED = Set.of("% of a core", "commits/s", "MB");

  private final String title;
  private final String text;
  private final List<String> candidates = new ArrayList<>();
  private final Map<Metric, Map<String, List<Double>>> figures = new LinkedHashMap<>();
  private final Map<Metric, Map<String, String>> failures = new LinkedHashMap<>();

  /**
   * A section without figures.
   *
   * @param text how it was measured
   * @param candidates all that take part; the first is the limit that others are compared with
   */
  Section(String title, String text, List<? extends Contender> candidates) {
    this.title = title;
    this.text = text;
    candidates.forEach(candidate -> this.candidates.add(candidate.name()));
  }

  String title() {
    return title;
  }

  String text() {
    return text;
  }

  /** Their names. */
  List<String> candidates() {
    return List.copyOf(candidates);
  }

  List<Metric> metrics() {
    return List.copyOf(figures.keySet());
  }

  /** Adds the figure of one round. */
  void add(Metric metric, Contender candidate, double value) {
    of(metric).computeIfAbsent(candidate.name(), name -> new ArrayList<>()).add(value);
  }

  /** Notes that a candidate did not get there. */
  void fail(Metric metric, Contender candidate, String why) {
    of(metric);
    failures.computeIfAbsent(metric, m -> new LinkedHashMap<>()).put(candidate.name(), why);
  }

  private Map<String, List<Double>> of(Metric metric) {
    return figures.computeIfAbsent(metric, m -> new LinkedHashMap<>());
  }

  /** The median, or NaN if it was not measured or a round failed. */
  double median(Metric metric, String candidate) {
    List<Double> values = of(metric).getOrDefault(candidate, List.of());
    return values.isEmpty() || failures.getOrDefault(metric, Map.of()).containsKey(candidate)
        ? Double.NaN
        : new Series(values).median();
  }

  /** What the table says: the median, the spread if there were rounds, the share of the limit. */
  String cell(Metric metric, String candidate) {
    String failure = failures.getOrDefault(metric, Map.of()).get(candidate);
    List<Double> values = of(metric).getOrDefault(candidate, List.of());
    if (failure != null || values.isEmpty()) {
      return failure == null ? "–" : failure;
    }
    Series series = new Series(values);
    String spread =
        values.size() == 1
            ? ""
            : " (%s–%s)".formatted(metric.format(series.least()), metric.format(series.most()));
    double limit = median(metric, candidates.get(0));
    String share =
        candidate.equals(candidates.get(0))
                || NOT_COMPARED.contains(metric.unit())
                || Double.isNaN(limit)
            ? ""
            : ", %s ×".formatted(new Metric("", "", 2).format(series.median() / limit));
    return metric.format(series.median()) + spread + share;
  }
}

package io.waltap.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** What WalTap is to reach with typed records, and the generator, held against what they did. */
final class Targets {

  /**
   * One of them.
   *
   * @param what is measured
   * @param target what it is to be
   * @param measured what it was, or a dash
   * @param met {@code yes}, {@code no}, or a dash
   */
  record Target(String what, String target, String measured, String met) {}

  private static final String STREAMING = "streaming";
  private static final double FLAT = 0.15;

  private final Results results;
  private final Plan plan;
  private final List<Target> targets = new ArrayList<>();

  private Targets(Results results, Plan plan) {
    this.results = results;
    this.plan = plan;
  }

  static List<Target> of(Results results, Plan plan) {
    Targets targets = new Targets(results, plan);
    targets.latency();
    targets.encrypted();
    targets.streaming();
    targets.delivery();
    targets.snapshot();
    targets.start();
    targets.bigTransaction();
    targets.growth();
    targets.generator();
    return List.copyOf(targets.targets);
  }

  private void latency() {
    Metric p50 = CommitLatency.latency("p50", 50);
    Metric p99 = CommitLatency.latency("p99", 50);
    atMost("p50 at 50 commits/s, of raw", 2.5, " ×", against("latency", p50, Candidates.RAW));
    atMost("p99 at 50 commits/s", 10, " ms", results.median("latency", p99, Candidates.RECORD));
    atMost(
        "CPU while idle, of a core",
        2,
        " %",
        results.median("latency", CommitLatency.IDLE, Candidates.RECORD));
  }

  private void encrypted() {
    Metric p50 = CommitLatency.latency("p50", EncryptedLatency.RATE);
    Metric p99 = CommitLatency.latency("p99", EncryptedLatency.RATE);
    OptionalDouble ofRaw =
        results.ratio("tls", p50, EncryptedLatency.RECORD_TLS, EncryptedLatency.RAW_TLS);
    atMost("TLS: p50 at 50 commits/s, of raw over TLS", 2.5, " ×", ofRaw);
    OptionalDouble slowest = results.median("tls", p99, EncryptedLatency.RECORD_TLS);
    atMost("TLS: p99 at 50 commits/s", 10, " ms", slowest);
  }

  private void delivery() {
    Metric speed = StreamingSpeed.speed(StreamingSpeed.THOUSANDS);
    atLeast(
        "workers with nothing to do, of one thread",
        0.85,
        results.ratio(STREAMING, speed, Candidates.WORKERS, Candidates.RECORD));
    atLeast(
        "8 workers that wait 5 ms a change, of one",
        7,
        results.ratio(
            "delivery",
            DeliverySpeed.WAITING,
            DeliverySpeed.WAITING_TOGETHER,
            DeliverySpeed.WAITING_ALONE));
    atLeast(
        "batches written to a table, of one by one",
        5,
        results.ratio(
            "delivery",
            DeliverySpeed.WRITING,
            DeliverySpeed.WRITING_IN_BATCHES,
            DeliverySpeed.WRITING_ALONE));
  }

  private void streaming() {
    streaming(StreamingSpeed.THOUSANDS, "stock JSON", 1.7, Candidates.JSON);
    streaming(StreamingSpeed.THOUSANDS, "stock Connect", 1.45, Candidates.CONNECT);
    streaming(StreamingSpeed.THOUSANDS, "raw", 0.62, Candidates.RAW);
    streaming(StreamingSpeed.SINGLES, "stock JSON", 2.2, Candidates.JSON);
    streaming(StreamingSpeed.SINGLES, "raw", 0.7, Candidates.RAW);
  }

  private void streaming(String workload, String of, double least, Candidate other) {
    Metric metric = StreamingSpeed.speed(workload);
    atLeast(workload + ", of " + of, least, against(STREAMING, metric, other));
  }

  private void snapshot() {
    Metric speed = SnapshotSpeed.SPEED;
    atLeast("snapshot, of stock JSON", 1.8, against("snapshot", speed, Candidates.JSON));
    atLeast("snapshot, of stock Connect", 1.8, against("snapshot", speed, Candidates.CONNECT));
    atLeast("snapshot, of the JDBC cursor", 0.33, against("snapshot", speed, Candidates.CURSOR));
  }

  private void start() {
    OptionalDouble start = against("start", StartTime.FIRST, Candidates.CONNECT);
    atMost("start to first change, of stock Connect", 1, " ×", start);
  }

  private void bigTransaction() {
    OptionalDouble small =
        results.median("memory", PeakHeap.speed(PeakHeap.COMPARED), Candidates.RECORD);
    Metric big = PeakHeap.singleSpeed(plan);
    OptionalDouble single = results.median("memory", big, Candidates.RECORD);
    atLeast(
        big.name() + ", of the speed with small ones",
        0.8,
        small.isPresent() && single.isPresent()
            ? OptionalDouble.of(single.getAsDouble() / small.getAsDouble())
            : OptionalDouble.empty());
  }

  private void growth() {
    flat("time per change", Growth::time);
    flat("work per change", Growth::cpu); // where the server is slower, the time is the server's
  }

  private void flat(String cost, Function<String, Metric> metric) {
    Stream<String> lengths = plan.lengths().stream().map(Growth::behind);
    Stream<String> tables = plan.tableCounts().stream().map(Growth::in);
    flat(cost + " as a stream grows", lengths.map(metric));
    flat(cost + " as tables grow", tables.map(metric));
  }

  private void generator() {
    for (Metric metric : List.of(GeneratorSpeed.COPY, GeneratorSpeed.BATCH)) {
      OptionalDouble speed =
          results.ratio("generator", metric, GeneratorSpeed.GENERATED, GeneratorSpeed.READY_MADE);
      atLeast("the generator " + metric.name() + ", of ready-made rows", 0.8, speed);
    }
    for (int rate : RateControl.RATES) {
      OptionalDouble held =
          results.ratio("rate", RateControl.rate(rate), RateControl.WRITTEN, RateControl.ASKED);
      OptionalDouble off =
          held.isEmpty() ? held : OptionalDouble.of(100 * Math.abs(held.getAsDouble() - 1));
      atMost("the generator at " + RateControl.rate(rate).name() + ", off", 2, " %", off);
    }
  }

  private void flat(String what, Stream<Metric> metrics) {
    List<OptionalDouble> costs =
        metrics.map(metric -> results.median("growth", metric, Candidates.RECORD)).toList();
    boolean whole = costs.stream().allMatch(OptionalDouble::isPresent);
    atMost(
        what + ", off the middle",
        100 * FLAT,
        " %",
        whole ? OptionalDouble.of(100 * spread(costs)) : OptionalDouble.empty());
  }

  /** How far the extremes are from their middle, as a share of it. */
  private static double spread(List<OptionalDouble> costs) {
    double[] all = costs.stream().mapToDouble(OptionalDouble::getAsDouble).toArray();
    double most = DoubleStream.of(all).max().orElseThrow();
    double least = DoubleStream.of(all).min().orElseThrow();
    return (most - least) / (most + least);
  }

  /** The typed listener's median by another candidate's. */
  private OptionalDouble against(String measure, Metric metric, Candidate other) {
    return results.ratio(measure, metric, Candidates.RECORD, other);
  }

  private void atLeast(String what, double least, OptionalDouble measured) {
    add(what, "≥ " + text(least, " ×"), " ×", measured, measured.orElse(0) >= least);
  }

  private void atMost(String what, double most, String unit, OptionalDouble measured) {
    add(what, "≤ " + text(most, unit), unit, measured, measured.orElse(0) <= most);
  }

  private void add(String what, String target, String unit, OptionalDouble measured, boolean met) {
    targets.add(
        measured.isEmpty()
            ? new Target(what, target, "–", "–")
            : new Target(what, target, text(measured.getAsDouble(), unit), met ? "yes" : "no"));
  }

  private static String text(double value, String unit) {
    return String.format(Locale.ROOT, "%.2f%s", value, unit);
  }
}

package io.waltap.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Whether candidates get by with small heaps, also when a transaction is larger than the heap. */
final class PeakHeap implements Measure {

  private static final int OUT_OF_MEMORY = 3;
  private static final int PATIENCE_MINUTES = 10;

  /** The heap in which a large transaction is compared with as many rows in small ones. */
  static final String COMPARED = "128m";

  private static final String SMALL_TRANSACTIONS = "1,000 rows a transaction";

  @Override
  public String name() {
    return "memory";
  }

  /** The metric of a heap's speed with small transactions. */
  static Metric speed(String heap) {
    return new Metric(SMALL_TRANSACTIONS + ", -Xmx" + heap, "rows/s", 0);
  }

  /** The metric of the speed with a single transaction. */
  static Metric singleSpeed(Plan plan) {
    return new Metric(single(plan) + ", -Xmx" + COMPARED, "rows/s", 0);
  }

  private static String single(Plan plan) {
    return String.format(Locale.ROOT, "one transaction of %,d rows", plan.heapRows());
  }

  private static Metric peak(Metric speed) {
    return new Metric(speed.name() + ", peak", "MB", 0);
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Plan plan = bench.plan();
    Section section =
        new Section(
            "Heap",
            """
            Each run is a JVM of its own with that much heap, cold. The peak is the sum of the \
            peaks of the heap's pools, garbage included: what counts is whether it passes, and how \
            fast. Only the runs with -Xmx128m are long enough to be warm for most of the time.""",
            Candidates.few());
    for (String heap : plan.heaps()) {
      long rows = heap.equals(COMPARED) ? plan.heapRows() : Math.max(1_000, plan.heapRows() / 10);
      run(bench, section, speed(heap), heap, rows, 1_000);
    }
    run(bench, section, singleSpeed(plan), COMPARED, plan.heapRows(), plan.heapRows());
    return section;
  }

  private static void run(
      Bench bench, Section section, Metric speed, String heap, long rows, long rowsPerTransaction)
      throws Exception {
    Plan plan = bench.plan();
    Workload workload =
        Workload.inserts(speed.name(), WorkTable.TRANSACTIONS, rows, rowsPerTransaction);
    try (Backlog backlog = Backlog.write(bench, workload, Candidates.few(), plan.rounds())) {
      for (int round = 1; round <= plan.rounds(); round++) {
        for (Candidate candidate : Candidates.few()) {
          Outcome outcome = spawn(candidate, backlog.feed(candidate, round), heap, rows);
          bench.progress().step(speed.name(), round, candidate, outcome.text());
          outcome.addTo(section, speed, candidate);
        }
      }
    }
  }

  private static Outcome spawn(Candidate candidate, Feed feed, String heap, long rows)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx" + heap, "-XX:+ExitOnOutOfMemoryError"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(HeapChild.class.getName(), candidate.name(), feed.url(), feed.slot()));
    command.add(Long.toString(rows));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Thread killer = new Thread(child::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
    try {
      return outcome(child);
    } finally {
      child.destroyForcibly();
      Runtime.getRuntime().removeShutdownHook(killer);
    }
  }

  private static Outcome outcome(Process child) throws IOException, InterruptedException {
    if (!child.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
      return Outcome.failed("not done in %d minutes".formatted(PATIENCE_MINUTES));
    }
    int exit = child.exitValue();
    if (exit != 0) {
      return Outcome.failed(
          exit == OUT_OF_MEMORY ? "out of memory" : "failed with exit code " + exit);
    }
    try (BufferedReader reader = child.inputReader()) {
      List<String> lines = reader.lines().toList();
      int last = lines.size() - 1; // Debezium may have said something before
      return new Outcome(
          "", Double.parseDouble(lines.get(last - 1)), Double.parseDouble(lines.get(last)));
    }
  }

  /**
   * How a child ended.
   *
   * @param failure empty if all rows came
   */
  private record Outcome(String failure, double rowsPerSecond, double peak) {

    private static Outcome failed(String why) {
      return new Outcome(why, 0, 0);
    }

    private String text() {
      return failure.isEmpty()
          ? String.format(Locale.ROOT, "%,12.0f rows/s, peak %,.0f MB", rowsPerSecond, peak)
          : failure;
    }

    private void addTo(Section section, Metric speed, Candidate candidate) {
      if (failure.isEmpty()) {
        section.add(speed, candidate, rowsPerSecond);
        section.add(PeakHeap.peak(speed), candidate, peak);
      } else {
        section.fail(speed, candidate, failure);
      }
    }
  }
}

package io.waltap.benchmarks;

import java.util.List;
import java.util.Locale;

/** Whether a change costs the same however many there were before, and in however many tables. */
final class Growth implements Measure {

  private static final String UNIT = "ns a change";

  @Override
  public String name() {
    return "growth";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Growth",
            """
            What a change of a narrow table costs on average in the first so many changes of one \
            stream, counted from the end of a lead; and when as many changes are spread over \
            tables, ten a transaction.""",
            Candidates.few());
    lengths(bench, section);
    tables(bench, section);
    return section;
  }

  /** The metric of a stream of that length. */
  static Metric changes(long length) {
    return new Metric(String.format(Locale.ROOT, "%,d changes", length), UNIT, 0);
  }

  /** The metric of that many tables. */
  static Metric tables(int count) {
    return new Metric(String.format(Locale.ROOT, "%,d tables", count), UNIT, 0);
  }

  private static void lengths(Bench bench, Section section) throws Exception {
    List<Long> lengths = bench.plan().lengths();
    long longest = lengths.get(lengths.size() - 1);
    long lead = RowClock.lead(Math.min(longest, 100_000));
    Workload workload =
        Workload.inserts("growth, one stream", WorkTable.NARROW, lead + longest, 1_000);
    try (Backlog backlog =
        Backlog.write(bench, workload, Candidates.few(), bench.plan().rounds())) {
      backlog.eachInTurn(
          () -> RowClock.of(lead, lengths),
          (candidate, clock) -> {
            for (int i = 0; i < lengths.size(); i++) {
              section.add(changes(lengths.get(i)), candidate, clock.nanosPerRow(i + 1));
            }
          });
    }
  }

  private static void tables(Bench bench, Section section) throws Exception {
    long rows = bench.plan().rows();
    for (int count : bench.plan().tableCounts()) {
      Metric metric = tables(count);
      Workload workload =
          new Workload("growth, " + metric.name(), WorkTable.many(count), false, rows, 10);
      bench.stream(
          workload,
          Candidates.few(),
          (candidate, clock) -> section.add(metric, candidate, clock.nanosPerRow(1)));
    }
  }
}

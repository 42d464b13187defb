package io.waltap.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Whether a change costs the same however many there were before, and in however many tables. */
final class Growth implements Measure {

  /** How many parts the cost is the median of: a disturbance of some of them does not show. */
  private static final int PARTS = 9;

  /**
   * How many rows the connection's buffers hold at most, about. While a candidate gets to know the
   * tables, the server fills them; that has to be gone before the time counts.
   */
  private static final long BUFFERS = 150_000;

  private static final int ROWS_PER_TRANSACTION = 10;

  /** Stock would take more time than all the rest, and flat is what WalTap has to be. */
  private static final List<Candidate> CANDIDATES = List.of(Candidates.RAW, Candidates.RECORD);

  /**
   * Part of a stream, cut into parts of the same length.
   *
   * @param from how many changes are before it
   * @param part how many are in one part
   * @param parts how many parts
   */
  record Stretch(long from, long part, int parts) {

    /** Where the parts begin and end. */
    LongStream marks() {
      return LongStream.rangeClosed(0, parts).map(i -> from + i * part);
    }

    long end() {
      return from + parts * part;
    }

    /** What a change took in the median of the parts. */
    double nanosPerChange(RowClock clock) {
      return new Series(
              LongStream.range(0, parts)
                  .map(i -> from + i * part)
                  .mapToObj(begin -> clock.nanosPerRow(begin, begin + part))
                  .toList())
          .median();
    }

    private void addTo(Section section, String where, Candidate candidate, RowClock clock) {
      section.add(time(where), candidate, nanosPerChange(clock));
      section.add(cpu(where), candidate, clock.perRow(Reading::threads, from, end()));
      section.add(all(where), candidate, clock.perRow(Reading::process, from, end()));
    }
  }

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
            What a change of a narrow table costs at some places of one stream, behind so many \
            others; and when changes are spread over so many tables, ten a transaction, all of \
            them known by then. The time is the median of at least nine equal parts of the stream \
            at that place, so that what disturbed some of them does not show; where the server is \
            slower than the candidate, it is the server's. CPU is what all threads that run Java \
            worked for all these parts together, so that nothing of that escapes it, and that of \
            the process has compiler and garbage collector as well; both are less where changes \
            come in large bursts.""",
            CANDIDATES);
    warmUp(bench);
    tables(bench, section);
    lengths(bench, section);
    return section;
  }

  /** Behind so many changes. */
  static String behind(long changes) {
    return String.format(Locale.ROOT, "behind %,d changes", changes);
  }

  /** In that many tables. */
  static String in(int tables) {
    return String.format(Locale.ROOT, "in %,d tables", tables);
  }

  /** The metric of the time there. */
  static Metric time(String where) {
    return new Metric(where, "ns a change", 0);
  }

  /** The metric of the work there. */
  static Metric cpu(String where) {
    return new Metric(where + ", CPU", "ns of CPU a change", 0);
  }

  /** The metric of the work there that the compiler's and the collector's are in. */
  private static Metric all(String where) {
    return new Metric(where + ", CPU of the process", "ns of CPU a change", 0);
  }

  private static long part(Plan plan) {
    return Math.max(1, (plan.lengths().get(1) - plan.lengths().get(0)) / PARTS);
  }

  /** Narrow rows in small transactions are new to the candidates. */
  private static void warmUp(Bench bench) throws Exception {
    Workload workload =
        Workload.inserts(
            "growth, warm-up",
            WorkTable.NARROW,
            2 * PARTS * part(bench.plan()),
            ROWS_PER_TRANSACTION);
    try (Backlog backlog = Backlog.write(bench, workload, CANDIDATES, 1)) {
      backlog.eachInTurn((candidate, clock) -> {});
    }
  }

  private static void tables(Bench bench, Section section) throws Exception {
    Plan plan = bench.plan();
    long lead = Math.min(BUFFERS, 4 * plan.rows());
    int parts = (int) Math.max(PARTS, plan.rows() / 4 / part(plan));
    Stretch stretch = new Stretch(lead, part(plan), parts);
    for (int count : plan.tableCounts()) {
      Workload workload =
          Workload.inserts(
              "growth, " + in(count), WorkTable.many(count), stretch.end(), ROWS_PER_TRANSACTION);
      try (Backlog backlog = Backlog.write(bench, workload, CANDIDATES, plan.rounds())) {
        backlog.eachInTurn(
            () -> clock(List.of(stretch)),
            (candidate, clock) -> stretch.addTo(section, in(count), candidate, clock));
      }
    }
  }

  private static void lengths(Bench bench, Section section) throws Exception {
    Plan plan = bench.plan();
    List<Stretch> all =
        plan.lengths().stream().map(length -> new Stretch(length, part(plan), PARTS)).toList();
    Workload workload =
        Workload.inserts(
            "growth, one stream", WorkTable.NARROW, all.get(all.size() - 1).end(), 1_000);
    try (Backlog backlog = Backlog.write(bench, workload, CANDIDATES, plan.rounds())) {
      backlog.eachInTurn(
          () -> clock(all),
          (candidate, clock) ->
              all.forEach(s -> s.addTo(section, behind(s.from()), candidate, clock)));
    }
  }

  /** A clock that looks at all ends of parts. The garbage of other runs is not this one's. */
  private static RowClock clock(List<Stretch> stretches) {
    System.gc();
    NavigableSet<Long> marks = new TreeSet<>();
    stretches.forEach(stretch -> stretch.marks().forEach(marks::add));
    return RowClock.at(marks);
  }
}

package io.waltap.benchmarks;

import java.util.Locale;

/** How many bytes of garbage a change costs. */
final class AllocationPerChange implements Measure {

  private static final Metric BYTES = new Metric("allocated per change", "bytes", 0);
  private static final long MOST_ROWS = 50_000;

  @Override
  public String name() {
    return "allocation";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Allocation",
            """
            What all threads of the JVM allocate between start and last row, as \
            `com.sun.management.ThreadMXBean.getThreadAllocatedBytes` counts it, for N and for 2 N \
            rows; the difference divided by N. Neither start nor read-ahead is in it.""",
            Candidates.streaming());
    long rows = Math.max(2, Math.min(MOST_ROWS, bench.plan().rows() / 2));
    Section once = allocated(bench, rows);
    Section twice = allocated(bench, 2 * rows);
    for (Candidate candidate : Candidates.streaming()) {
      double bytes = twice.median(BYTES, candidate.name()) - once.median(BYTES, candidate.name());
      section.add(BYTES, candidate, bytes / rows);
    }
    return section;
  }

  private static Section allocated(Bench bench, long rows) throws Exception {
    Section bytes = new Section("", "", Candidates.streaming());
    String label = String.format(Locale.ROOT, "allocation, %,d rows", rows);
    bench.stream(
        Workload.inserts(label, WorkTable.TRANSACTIONS, rows, 1_000),
        Candidates.streaming(),
        (candidate, clock) -> bytes.add(BYTES, candidate, (double) clock.allocatedBytes()));
    return bytes;
  }
}

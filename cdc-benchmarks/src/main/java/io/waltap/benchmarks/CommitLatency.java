package io.waltap.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** How long single commits take to arrive, and what a candidate costs while there are none. */
final class CommitLatency implements Measure {

  static final Metric IDLE = new Metric("CPU while idle", "% of a core", 2);

  /** Lets what the start and the first row set off come to an end. */
  private static final int SETTLE_SECONDS = 1;

  @Override
  public String name() {
    return "latency";
  }

  /** The metric of a percentile at a rate. */
  static Metric latency(String percentile, int rate) {
    return new Metric(String.format(Locale.ROOT, "%s at %,d commits/s", percentile, rate), "ms", 2);
  }

  /** What came of a rate: one connection may not manage more. */
  private static Metric reached(int rate) {
    return new Metric(
        String.format(Locale.ROOT, "reached for %,d commits/s", rate), "commits/s", 1);
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Latency and idling",
            """
            From sending COMMIT (the server's own write to the disk included) to the callback. \
            One connection commits single rows at random moments, on average so many a second. \
            The CPU is that of the whole process, as share of one core, while nothing is written \
            and with the very settings that give these latencies.""",
            Candidates.streaming());
    measure(name(), bench, section, Candidates.streaming());
    return section;
  }

  /** Measures these candidates in turns, at the plan's rates. */
  static void measure(String label, Bench bench, Section section, List<Candidate> candidates)
      throws Exception {
    for (int round = 1; round <= bench.plan().rounds(); round++) {
      for (Candidate candidate : candidates) {
        new Visit(label, bench, candidate, section).make(round);
      }
    }
  }

  /** One candidate's turn. */
  private record Visit(String label, Bench bench, Candidate candidate, Section section) {

    private static final String SLOT = "bench_latency";
    private static final List<WorkTable<?>> TABLES = List.of(WorkTable.TRANSACTIONS);

    private void make(int round) throws Exception {
      int commits = 1 + bench.plan().commits().stream().mapToInt(Integer::intValue).sum();
      CommitClock clock = new CommitClock(commits);
      bench.server().publish(TABLES);
      bench.server().createSlots(List.of(SLOT));
      ExecutorService executor = Executors.newSingleThreadExecutor();
      try (Connection connection = bench.server().connect()) {
        Future<?> receiver = executor.submit(() -> receive(clock));
        write(connection, clock, receiver);
        receiver.get();
        read(clock, round);
      } finally {
        executor.shutdownNow();
        bench.server().dropSlots(List.of(SLOT));
      }
    }

    private Object receive(CommitClock clock) throws Exception {
      candidate.receive(new Feed(bench.server().url(), SLOT, TABLES, false), clock);
      return clock;
    }

    private void write(Connection connection, CommitClock clock, Future<?> receiver)
        throws Exception {
      connection.setAutoCommit(false);
      commit(connection, clock, 0);
      clock.awaitFirst(receiver);
      TimeUnit.SECONDS.sleep(SETTLE_SECONDS);
      if (bench.plan().idleSeconds() > 0) {
        section.add(IDLE, candidate, idleCpu());
      }
      Random random = new Random(7);
      int row = 1;
      for (int i = 0; i < bench.plan().rates().size(); i++) {
        double pause = 2e9 / bench.plan().rates().get(i);
        long next = System.nanoTime();
        for (int k = 0; k < bench.plan().commits().get(i); k++) {
          next += (long) (random.nextDouble() * pause); // not in step with anybody's polling
          LockSupport.parkNanos(next - System.nanoTime());
          commit(connection, clock, row++);
        }
      }
    }

    private static void commit(Connection connection, CommitClock clock, int row)
        throws SQLException {
      try (Statement statement = connection.createStatement()) {
        statement.execute(
            WorkTable.TRANSACTIONS.insert("generate_series(%d, %d) n".formatted(row, row)));
      }
      clock.sent(row);
      connection.commit();
    }

    private double idleCpu() throws InterruptedException {
      OperatingSystemMXBean system =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
      long cpu = system.getProcessCpuTime();
      long time = System.nanoTime();
      TimeUnit.SECONDS.sleep(bench.plan().idleSeconds());
      return 100.0 * (system.getProcessCpuTime() - cpu) / (System.nanoTime() - time);
    }

    private void read(CommitClock clock, int round) {
      int from = 1;
      StringBuilder medians = new StringBuilder("p50");
      for (int i = 0; i < bench.plan().rates().size(); i++) {
        int rate = bench.plan().rates().get(i);
        int to = from + bench.plan().commits().get(i);
        double median = clock.millis(from, to, 0.5);
        section.add(latency("p50", rate), candidate, median);
        section.add(latency("p99", rate), candidate, clock.millis(from, to, 0.99));
        section.add(reached(rate), candidate, clock.rate(from, to));
        medians.append(String.format(Locale.ROOT, " %.2f ms at %,d/s", median, rate));
        from = to;
      }
      bench.progress().step(label, round, candidate, medians.toString());
    }
  }
}

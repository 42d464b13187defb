package io.waltap.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What a candidate costs while nothing happens, and how long single commits take to arrive.
 *
 * @param idle how long to watch it idle
 * @param commits how many rows to write then, each in a transaction of its own
 */
record LiveRun(Duration idle, int commits) {

  /** Not in step with anybody's polling. */
  private static final long PAUSE_MILLIS = 23;

  /**
   * What was seen.
   *
   * @param idleCpu in percent of one core
   * @param median from sending COMMIT to the callback, in milliseconds
   * @param p99 likewise, exceeded by one commit of a hundred
   */
  record Result(String name, double idleCpu, double median, double p99) {}

  Result of(Candidate candidate, BenchmarkServer server, String slot) throws Exception {
    server.createSlots(List.of(slot));
    CommitClock clock = new CommitClock(commits + 1);
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (Connection connection = server.connect()) {
      Future<?> receiver =
          executor.submit(
              () -> {
                candidate.receive(server, slot, clock);
                return null;
              });
      commit(connection, clock, 0);
      clock.awaitFirst();
      double cpu = idleCpu();
      for (int row = 1; row <= commits; row++) {
        commit(connection, clock, row);
        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
      }
      receiver.get();
      return new Result(candidate.name(), cpu, clock.millis(0.5), clock.millis(0.99));
    } finally {
      executor.shutdown();
    }
  }

  private static void commit(Connection connection, CommitClock clock, int row) throws Exception {
    connection.setAutoCommit(false);
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "INSERT INTO public.transactions (transaction_id, amount) VALUES (gen_random_uuid(), 1.50)");
    }
    clock.sent(row);
    connection.commit();
  }

  private double idleCpu() throws InterruptedException {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    long cpu = system.getProcessCpuTime();
    long time = System.nanoTime();
    TimeUnit.NANOSECONDS.sleep(idle.toNanos());
    return 100.0 * (system.getProcessCpuTime() - cpu) / (System.nanoTime() - time);
  }
}

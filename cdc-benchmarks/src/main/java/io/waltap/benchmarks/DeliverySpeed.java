package io.waltap.benchmarks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;

/** What workers, batches and a shared transaction make of a listener that has something to do. */
final class DeliverySpeed implements Measure {

  static final int WORKERS = 8;

  static final Metric WAITING = new Metric("waits 5 ms a change", "changes/s", 0);
  static final Metric WRITING = new Metric("writes a row a change", "changes/s", 0);

  static final Candidate WAITING_ALONE =
      new WalTap(
          "one by one",
          (engine, table, arrivals) ->
              engine.listen(table.typed(), change -> wait(change, arrivals)));

  static final Candidate WAITING_TOGETHER =
      new WalTap(
          "8 workers",
          (engine, table, arrivals) ->
              engine.listen(table.typed(), change -> wait(change, arrivals)).workers(WORKERS));

  static final Candidate WRITING_ALONE = WritingListener.oneByOne("one by one");
  static final Candidate WRITING_IN_BATCHES = WritingListener.inBatches("batches");
  static final Candidate WRITING_ONCE = WritingListener.effectivelyOnce("effectively once");

  private static final long WAIT_NANOS = 5_000_000;
  private static final int KEYS = 1_000;
  private static final int ROWS_PER_TRANSACTION = 10;

  /** Of these, a listener that waits takes a quarter of a minute. */
  private static final long MOST_WAITS = 3_000;

  private static final long MOST_WRITES = 21_000;

  /** Whole batches count, and a whole one is the lead. */
  private static final long BATCH = 1_000;

  @Override
  public String name() {
    return "delivery";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "Delivery",
            """
            Listeners that have something to do, behind a log that is full, ten changes a \
            transaction. One waits 5 ms a change, of 1,000 keys. The others insert a row a change \
            into a table of the same server, on a connection of their own: one by one with a \
            COMMIT each; in batches of the default size, by `executeBatch`, with a COMMIT each; \
            and effectively once, in the transaction that saves the position.""",
            List.of(WAITING_ALONE, WAITING_TOGETHER, WRITING_IN_BATCHES, WRITING_ONCE));
    waiting(bench, section);
    writing(bench, section);
    return section;
  }

  private static void waiting(Bench bench, Section section) throws Exception {
    long rows = Math.max(20, Math.min(MOST_WAITS, bench.plan().rows() / 50));
    Workload workload =
        Workload.updates(WAITING.name(), WorkTable.NARROW, rows, ROWS_PER_TRANSACTION)
            .roundAbout(KEYS);
    bench.stream(
        workload,
        List.of(WAITING_ALONE, WAITING_TOGETHER),
        (candidate, clock) -> section.add(WAITING, candidate, clock.rowsPerSecond()));
  }

  private static void writing(Bench bench, Section section) throws Exception {
    long rows = Math.max(200, Math.min(MOST_WRITES, bench.plan().rows() / 10));
    long lead = Math.min(BATCH, rows / 2);
    Workload workload =
        Workload.inserts(WRITING.name(), WorkTable.NARROW, rows, ROWS_PER_TRANSACTION);
    bench.server().execute(WritingListener.CREATE);
    List<Candidate> writers = List.of(WRITING_ALONE, WRITING_IN_BATCHES, WRITING_ONCE);
    try (Backlog backlog = Backlog.write(bench, workload, writers, bench.plan().rounds())) {
      backlog.eachInTurn(
          () -> RowClock.at(new TreeSet<>(List.of(lead, rows))),
          (candidate, clock) -> {
            section.add(WRITING, candidate, clock.rowsPerSecond());
            check(bench, candidate, rows);
          });
    }
  }

  /** Sees to it that all was written, and makes room for the next. */
  private static void check(Bench bench, Candidate candidate, long rows) throws SQLException {
    try (Connection connection = bench.server().connect()) {
      long written = WritingListener.clear(connection);
      if (written != rows) {
        throw new IllegalStateException(
            "%s wrote %d rows instead of %d.".formatted(candidate.name(), written, rows));
      }
    }
  }

  /** Something that takes its time and no core, such as a call to another service. */
  private static void wait(Object change, Arrivals arrivals) {
    long until = System.nanoTime() + WAIT_NANOS;
    for (long left = WAIT_NANOS; left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
    arrivals.row(change);
  }
}

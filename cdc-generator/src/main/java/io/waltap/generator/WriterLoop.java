package io.waltap.generator;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One writer of a workload: when it writes what, from its first row to its last. */
final class WriterLoop {

  private final Plan plan;
  private final int number;
  private final Runnable onCommit;
  private final TransactionGenerator generator;

  private volatile boolean stopped;
  private volatile @Nullable Thread runner;
  private volatile Totals totals = Totals.NONE;
  private final LongAdder late = new LongAdder();
  private final LongAdder rolledBack = new LongAdder();
  private long transactions;

  WriterLoop(Plan plan, int number, Runnable onCommit) {
    this.plan = plan;
    this.number = number;
    this.onCommit = onCommit;
    this.generator = plan.origin().generator(number);
  }

  void run(Connection connection) throws SQLException {
    runner = Thread.currentThread();
    try (RowWriter writer = plan.writer(connection, generator);
        Interludes interludes = new Interludes(connection, plan.extras())) {
      writeAll(writer, interludes);
    } finally {
      runner = null;
    }
  }

  private void writeAll(RowWriter writer, Interludes interludes) throws SQLException {
    Schedule schedule =
        new Schedule(plan.rate().share(plan.writers()), plan.duration(), Schedule.Clock.SYSTEM);
    long share = plan.share(number);
    long tried = 0;
    while (totals.all() < share && schedule.await(tried, this::isStopped)) {
      long size =
          Math.min(plan.rowsPerTransaction().draw(generator.decisions()), share - totals.all());
      boolean truncate = write(writer, interludes, (int) size);
      tried += size;
      hold(schedule);
      end(writer, schedule.isLate());
      if (truncate) {
        interludes.truncate();
        writer.forgetRows();
      }
      alterNowAndThen(interludes);
    }
  }

  private boolean write(RowWriter writer, Interludes interludes, int size) throws SQLException {
    interludes.annotate(number, transactions);
    boolean truncate =
        plan.inserts() == InsertStyle.ROWS ? asDrawn(writer, size) : sorted(writer, size);
    transactions++;
    return truncate;
  }

  private boolean asDrawn(RowWriter writer, int size) throws SQLException {
    boolean truncate = false;
    for (int i = 0; i < size; i++) {
      Mix.Operation operation = choose();
      truncate |= operation == Mix.Operation.TRUNCATE;
      write(writer, operation);
    }
    return truncate;
  }

  /** Rows that are sent together are inserted first. Counted, as there may be millions. */
  private boolean sorted(RowWriter writer, int size) throws SQLException {
    Map<Mix.Operation, Integer> counts = new EnumMap<>(Mix.Operation.class);
    for (int i = 0; i < size; i++) {
      counts.merge(choose(), 1, Integer::sum);
    }
    for (Map.Entry<Mix.Operation, Integer> each : counts.entrySet()) {
      for (int i = 0; i < each.getValue(); i++) {
        write(writer, each.getKey());
      }
    }
    return counts.containsKey(Mix.Operation.TRUNCATE);
  }

  private Mix.Operation choose() {
    return plan.mix().choose(generator.decisions());
  }

  private static void write(RowWriter writer, Mix.Operation operation) throws SQLException {
    switch (operation) {
      case INSERT -> writer.insert();
      case UPDATE -> writer.update();
      case DELETE -> writer.delete();
      case KEY -> writer.changeKey();
      case TRUNCATE -> {} // after the transaction, in one of its own
    }
  }

  private void hold(Schedule schedule) {
    int every = plan.extras().longEvery();
    if (every > 0 && transactions % every == 0) {
      schedule.pause(plan.extras().longFor(), this::isStopped);
    }
  }

  private void end(RowWriter writer, boolean isLate) throws SQLException {
    double rollbacks = plan.extras().rollbacks();
    if (rollbacks > 0 && generator.decisions().nextDouble() < rollbacks) {
      rolledBack.add(writer.pending().all());
      writer.rollback();
      return;
    }
    long before = totals.all();
    writer.commit();
    totals = writer.totals();
    if (isLate) {
      late.add(totals.all() - before);
    }
    onCommit.run();
  }

  private void alterNowAndThen(Interludes interludes) throws SQLException {
    int every = plan.extras().ddlEvery();
    if (number == 0 && every > 0 && transactions % every == 0) {
      interludes.alter();
    }
  }

  private boolean isStopped() {
    return stopped || Thread.currentThread().isInterrupted();
  }

  void stop() {
    stopped = true;
    LockSupport.unpark(runner);
  }

  Totals totals() {
    return totals;
  }

  long lateRows() {
    return late.sum();
  }

  long rolledBackRows() {
    return rolledBack.sum();
  }
}

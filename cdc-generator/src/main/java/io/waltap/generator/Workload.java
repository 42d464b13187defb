package io.waltap.generator;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Inserts, updates and deletes at a steady rate, until a number of rows is written, a time is over
 * or someone says {@link #stop()}.
 *
 * <pre>{@code
 * Workload workload = Workload.builder().rate(50).duration(Duration.ofSeconds(20)).build();
 * Totals totals = workload.run(connection);
 * }</pre>
 *
 * <p>A workload runs once, on the thread that calls {@link #run}; everything else may be called
 * from any thread.
 */
public final class Workload {

  private final double rate;
  private final long count;
  private final @Nullable Duration duration;
  private final int rowsPerTransaction;
  private final Mix mix;
  private final TransactionGenerator generator;
  private final Consumer<Totals> onCommit;

  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean stopped;
  private volatile @Nullable Thread runner;
  private volatile Totals totals = Totals.NONE;

  private Workload(Builder builder) {
    this.rate = builder.rate;
    this.count = builder.count;
    this.duration = builder.duration;
    this.rowsPerTransaction = builder.rowsPerTransaction;
    this.mix = builder.mix;
    this.generator = builder.generator();
    this.onCommit = builder.onCommit;
  }

  /** Starts to describe a workload; what is not said has a default. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Writes until done. The table must be there: see {@link TransactionSchema#apply}. An interrupt
   * has the effect of {@link #stop()} and stays set.
   *
   * @param connection stays open, and is used by nobody else meanwhile
   * @return what was committed
   * @throws SQLException if the server refuses a statement or goes away; the open transaction is
   *     rolled back, and {@link #totals()} has what was committed before
   * @throws IllegalStateException if it ran before
   */
  public Totals run(Connection connection) throws SQLException {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("This workload ran before: build another one.");
    }
    runner = Thread.currentThread();
    try (TransactionWriter writer = new TransactionWriter(connection, generator)) {
      writeAll(writer);
    } finally {
      runner = null;
    }
    return totals;
  }

  private void writeAll(TransactionWriter writer) throws SQLException {
    Schedule schedule = new Schedule(rate, duration, Schedule.Clock.SYSTEM);
    long tried = 0;
    while (totals.all() < count && schedule.await(tried, this::isStopped)) {
      long size = Math.min(rowsPerTransaction, count - totals.all());
      for (int i = 0; i < size; i++) {
        write(writer);
      }
      tried += size;
      writer.commit();
      totals = writer.totals();
      onCommit.accept(totals);
    }
  }

  private void write(TransactionWriter writer) throws SQLException {
    switch (mix.choose(generator.random())) {
      case INSERT -> writer.insert();
      case UPDATE -> writer.update();
      case DELETE -> writer.delete();
    }
  }

  private boolean isStopped() {
    return stopped || Thread.currentThread().isInterrupted();
  }

  /** Ends the run after the transaction that is being written; without waiting for that. */
  public void stop() {
    stopped = true;
    LockSupport.unpark(runner);
  }

  /** What has been committed so far. */
  public Totals totals() {
    return totals;
  }

  /** Describes a workload. Every method throws IllegalArgumentException for a senseless value. */
  public static final class Builder {

    private double rate;
    private long count = Long.MAX_VALUE;
    private @Nullable Duration duration;
    private int rowsPerTransaction = 10;
    private Mix mix = Mix.DEFAULT;
    private @Nullable Long seed;
    private @Nullable LocalDateTime start;
    private List<String> currencies = TransactionGenerator.DEFAULT_CURRENCIES;
    private Consumer<Totals> onCommit = totals -> {};

    private Builder() {}

    /**
     * Rows a second on average, whole transactions at a time; 0, the default, means as fast as
     * possible.
     */
    public Builder rate(double rowsPerSecond) {
      require(rowsPerSecond >= 0 && rowsPerSecond <= 1e9, "The rate", rowsPerSecond, "0 or more");
      this.rate = rowsPerSecond;
      return this;
    }

    /** Ends after so many committed rows; by default without end. */
    public Builder count(long rows) {
      require(rows > 0, "The count", rows, "1 or more");
      this.count = rows;
      return this;
    }

    /** Ends after so long; by default without end. */
    public Builder duration(Duration duration) {
      require(duration.compareTo(Duration.ZERO) > 0, "The duration", duration, "longer than 0");
      require(duration.toDays() <= 36_500, "The duration", duration, "100 years at most");
      this.duration = duration;
      return this;
    }

    /** Rows in one database transaction; 10 by default. */
    public Builder rowsPerTransaction(int rows) {
      require(rows > 0, "The number of rows in a transaction", rows, "1 or more");
      this.rowsPerTransaction = rows;
      return this;
    }

    /** How often each operation is chosen. */
    public Builder mix(Mix mix) {
      this.mix = mix;
      return this;
    }

    /** Makes the run repeatable, its rows' timestamps included; by default every run differs. */
    public Builder seed(long seed) {
      this.seed = seed;
      return this;
    }

    /** The timestamp of the first row of a seeded run; by default 2026-01-01, midnight. */
    public Builder start(LocalDateTime start) {
      this.start = start;
      return this;
    }

    /** ISO 4217 codes to choose from. */
    public Builder currencies(List<String> currencies) {
      this.currencies = currencies;
      return this;
    }

    /** Is told the totals after each commit, on the running thread. */
    public Builder onCommit(Consumer<Totals> onCommit) {
      this.onCommit = onCommit;
      return this;
    }

    /**
     * The workload.
     *
     * @throws IllegalArgumentException if a currency is unknown, both a count and a duration are
     *     given, or a start without a seed
     */
    public Workload build() {
      if (count != Long.MAX_VALUE && duration != null) {
        throw new IllegalArgumentException("A workload ends by count or by duration: give one.");
      }
      if (start != null && seed == null) {
        throw new IllegalArgumentException("A start time is for repeatable runs: give a seed too.");
      }
      return new Workload(this);
    }

    private TransactionGenerator generator() {
      if (seed == null) {
        return TransactionGenerator.unseeded(currencies);
      }
      LocalDateTime first = start == null ? TransactionGenerator.DEFAULT_START : start;
      return TransactionGenerator.seeded(seed, first, currencies);
    }

    private static void require(boolean holds, String what, Object value, String rule) {
      if (!holds) {
        throw new IllegalArgumentException(what + " is " + value + ": it must be " + rule + ".");
      }
    }
  }
}

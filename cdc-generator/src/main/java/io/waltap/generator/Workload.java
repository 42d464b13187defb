package io.waltap.generator;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
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
 * <p>A workload runs once, until done, on the thread that calls {@link #run(Connection)} or on one
 * for each writer; everything else may be called from any thread.
 */
public final class Workload {

  private static final int MOST_PAYLOAD = 10_000_000;

  private final Plan plan;
  private final Consumer<Totals> onCommit;
  private final List<WriterLoop> loops;

  private final AtomicBoolean started = new AtomicBoolean();

  private Workload(Plan plan, Consumer<Totals> onCommit) {
    this.plan = plan;
    this.onCommit = onCommit;
    this.loops =
        IntStream.range(0, plan.writers())
            .mapToObj(number -> new WriterLoop(plan, number, this::tell))
            .toList();
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
    if (plan.writers() > 1) {
      throw new IllegalStateException("Several writers need a connection each.");
    }
    start();
    plan.prepare(connection);
    loops.get(0).run(connection);
    return totals();
  }

  /**
   * Writes until done, with a connection and a thread for each writer. The first failure ends all
   * of them; else as {@link #run(Connection)}.
   *
   * @param connections opens connections, which are closed at the end
   */
  public Totals run(Connections connections) throws SQLException {
    start();
    try (Connection connection = connections.open()) {
      plan.prepare(connection);
    }
    new ParallelLoops(loops, this::stop).run(connections);
    return totals();
  }

  private void start() {
    if (!started.compareAndSet(false, true)) {
      throw new IllegalStateException("This workload ran before: build another one.");
    }
  }

  private synchronized void tell() {
    onCommit.accept(totals());
  }

  /** Ends the run after the transactions that are being written; without waiting for that. */
  public void stop() {
    loops.forEach(WriterLoop::stop);
  }

  /** What has been committed so far. */
  public Totals totals() {
    return loops.stream().map(WriterLoop::totals).reduce(Totals.NONE, Totals::plus);
  }

  /**
   * Committed rows whose transaction began more than 0.1 s after it was due: the server, or the
   * number of writers, does not hold the rate.
   */
  public long lateRows() {
    return loops.stream().mapToLong(WriterLoop::lateRows).sum();
  }

  /** Rows that were written and rolled back on purpose. */
  public long rolledBackRows() {
    return loops.stream().mapToLong(WriterLoop::rolledBackRows).sum();
  }

  /** Opens a connection to the database of the workload. */
  @FunctionalInterface
  public interface Connections {
    /** Opens one more. */
    Connection open() throws SQLException;
  }

  static void require(boolean holds, String what, Object value, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(what + " is " + value + ": it must be " + rule + ".");
    }
  }

  /** Describes a workload. Every method throws IllegalArgumentException for a senseless value. */
  public static final class Builder {

    private RateShape rate = RateShape.steady(0);
    private long count = Long.MAX_VALUE;
    private @Nullable Duration duration;
    private int writers = 1;
    private Range rowsPerTransaction = Range.of(10);
    private Mix mix = Mix.DEFAULT;
    private @Nullable Long seed;
    private @Nullable LocalDateTime start;
    private List<String> currencies = TransactionGenerator.DEFAULT_CURRENCIES;
    private Locale locale = TransactionGenerator.DEFAULT_LOCALE;
    private boolean accounts;
    private InsertStyle inserts = InsertStyle.ROWS;
    private @Nullable Range payload;
    private Extras extras = Extras.NONE;
    private Consumer<Totals> onCommit = totals -> {};

    private Builder() {}

    /**
     * Rows a second on average, whole transactions at a time; 0, the default, means as fast as
     * possible.
     */
    public Builder rate(double rowsPerSecond) {
      return rate(RateShape.steady(rowsPerSecond));
    }

    /** A rate that changes with time; of all writers together. */
    public Builder rate(RateShape shape) {
      this.rate = shape;
      return this;
    }

    /** How many connections write at the same time; 1 by default. They share the count evenly. */
    public Builder writers(int writers) {
      require(writers >= 1 && writers <= 1_000, "The number of writers", writers, "1 to 1000");
      this.writers = writers;
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
      return rowsPerTransaction(Range.of(rows));
    }

    /** Rows in one database transaction, drawn for each. */
    public Builder rowsPerTransaction(Range rows) {
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

    /** Where customers and merchants live; in the USA by default. */
    public Builder locale(Locale locale) {
      this.locale = locale;
      return this;
    }

    /**
     * Adds the tables of customers, merchants and accounts. Payments then go through their life,
     * from created to settled or refunded, and move balances in the same transaction, whose sum
     * never changes. Rows of these tables come on top of count, rate and totals.
     */
    public Builder accounts() {
      this.accounts = true;
      return this;
    }

    /** How new rows reach the server; one by one by default. */
    public Builder inserts(InsertStyle style) {
      this.inserts = style;
      return this;
    }

    /**
     * Adds the column {@code payload}, with texts of such a length that do not compress; at most
     * 10,000,000 characters.
     */
    public Builder payload(Range characters) {
      int most = characters.most();
      require(most <= MOST_PAYLOAD, "The payload", most, "10000000 characters at most");
      this.payload = characters;
      return this;
    }

    /** What else happens besides rows; by default nothing. */
    public Builder extras(Extras extras) {
      this.extras = extras;
      return this;
    }

    /** Is told the totals after each commit, on the thread of that writer, one call at a time. */
    public Builder onCommit(Consumer<Totals> onCommit) {
      this.onCommit = onCommit;
      return this;
    }

    /**
     * The workload.
     *
     * @throws IllegalArgumentException if a currency is unknown, both a count and a duration are
     *     given, a start without a seed, or accounts with what they exclude
     */
    public Workload build() {
      if (count != Long.MAX_VALUE && duration != null) {
        throw new IllegalArgumentException("A workload ends by count or by duration: give one.");
      }
      if (start != null && seed == null) {
        throw new IllegalArgumentException("A start time is for repeatable runs: give a seed too.");
      }
      return new Workload(plan(), onCommit);
    }

    private Plan plan() {
      return new Plan(
          rate,
          count,
          duration,
          writers,
          rowsPerTransaction,
          mix,
          new Origin(seed, start, currencies, locale),
          accounts,
          inserts,
          payload,
          extras);
    }
  }
}

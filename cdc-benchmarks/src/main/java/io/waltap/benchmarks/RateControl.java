package io.waltap.benchmarks;

import io.waltap.generator.InsertStyle;
import io.waltap.generator.Mix;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Whether the generator holds the rate that it was asked for. */
final class RateControl implements Measure {

  static final List<Integer> RATES = List.of(100, 1_000, 10_000);

  /** Whose rate it is. */
  private record Rate(String name) implements Contender {}

  static final Contender ASKED = new Rate("asked for");
  static final Contender WRITTEN = new Rate("written");
  private static final Contender FEWEST = new Rate("in the worst second");

  private static final int TRANSACTIONS_A_SECOND = 100;

  static Metric rate(int rowsPerSecond) {
    return new Metric("%,d rows/s".formatted(rowsPerSecond), "rows/s", 1);
  }

  @Override
  public String name() {
    return "rate";
  }

  @Override
  public Section measure(Bench bench) throws Exception {
    Section section =
        new Section(
            "The generator's rate",
            """
            Committed rows in %d s, in 100 transactions a second, by batches of INSERT on one \
            connection."""
                .formatted(bench.plan().rateSeconds()),
            List.of(ASKED, WRITTEN, FEWEST));
    for (int round = 1; round <= bench.plan().rounds(); round++) {
      for (int rate : RATES) {
        bench.server().publish(List.of(WorkTable.TRANSACTIONS));
        RowsBySecond rows = write(bench, rate);
        double written = rows.average();
        section.add(rate(rate), ASKED, rate);
        section.add(rate(rate), WRITTEN, written);
        section.add(rate(rate), FEWEST, rows.fewest());
        bench.progress().step("rate", round, WRITTEN, rate(rate).format(written) + " of " + rate);
      }
    }
    return section;
  }

  private static RowsBySecond write(Bench bench, int rate) throws SQLException {
    try (Connection connection =
        DriverManager.getConnection(
            bench.server().url() + "?reWriteBatchedInserts=true",
            BenchmarkServer.USER,
            BenchmarkServer.PASSWORD)) {
      int seconds = bench.plan().rateSeconds();
      RowsBySecond rows = new RowsBySecond(seconds, System::nanoTime);
      io.waltap.generator.Workload.builder()
          .seed(1)
          .rate(rate)
          .duration(Duration.ofSeconds(seconds))
          .mix(new Mix(1, 0, 0))
          .inserts(InsertStyle.BATCH)
          .rowsPerTransaction(rate / TRANSACTIONS_A_SECOND)
          .onCommit(rows)
          .build()
          .run(connection);
      return rows;
    }
  }
}

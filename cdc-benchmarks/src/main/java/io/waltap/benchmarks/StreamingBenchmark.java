package io.waltap.benchmarks;

import io.debezium.embedded.Connect;
import io.debezium.engine.format.Json;
import io.waltap.table.Table;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * How many rows a second each way of receiving them catches up with, side by side. All rows are
 * written first, and each run reads them from a slot of its own that was there before. The
 * candidates take turns, so that what disturbs the machine disturbs all of them; a first round
 * warms up and does not count.
 */
@Command(
    name = "cdc-benchmarks",
    mixinStandardHelpOptions = true,
    description = "Compares WalTap with the stock Debezium engine and with the raw protocol.")
final class StreamingBenchmark implements Callable<Integer> {

  private static final Candidate RAW = new RawProtocol();
  private static final Candidate STOCK = new StockEngine<>("stock, Connect", Connect.class);
  private static final List<Candidate> CANDIDATES =
      List.of(
          RAW,
          new StockEngine<>("stock, Json", Json.class),
          STOCK,
          new WalTap<>("WalTap, record", Table.of("public.transactions", Transaction.class)),
          new WalTap<>("WalTap, Row", Table.of("public.transactions")));

  /** Those whose latency and idle cost are measured too. */
  private static final List<Candidate> LIVE = List.of(STOCK, CANDIDATES.get(3));

  @Spec private CommandSpec spec;

  @Option(names = "--rows", description = "Rows in each run (default: ${DEFAULT-VALUE}).")
  private long rows = 200_000;

  @Option(names = "--rounds", description = "Rounds that count (default: ${DEFAULT-VALUE}).")
  private int rounds = 5;

  @Option(names = "--idle", description = "Seconds of idling (default: ${DEFAULT-VALUE}).")
  private int idle = 20;

  @Option(
      names = "--quick",
      description = "20,000 rows, one round, two seconds of idling: to see whether it works.")
  private boolean quick;

  private StreamingBenchmark() {
    spec = CommandSpec.create(); // picocli puts the real one in
  }

  /** The command line. */
  public static void main(String[] args) {
    System.exit(command().execute(args));
  }

  static CommandLine command() {
    return new CommandLine(new StreamingBenchmark());
  }

  @Override
  public Integer call() throws Exception {
    if (quick) {
      rows = 20_000;
      rounds = 1;
      idle = 2;
    }
    if (rows < 2 || rounds < 1) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "At least 2 rows and 1 round are needed to measure anything.");
    }
    try (BenchmarkServer server =
        BenchmarkServer.start((rounds + 1) * CANDIDATES.size() + LIVE.size())) {
      printMachine(server);
      prepare(server);
      print(measure(server));
      live(server);
    }
    return 0;
  }

  private void prepare(BenchmarkServer server) throws Exception {
    List<String> slots = new ArrayList<>();
    for (int round = 0; round <= rounds; round++) {
      for (Candidate candidate : CANDIDATES) {
        slots.add(slot(round, candidate));
      }
    }
    server.createSlots(slots);
    server.write(rows);
  }

  private static String slot(int round, Candidate candidate) {
    return "round_" + round + "_" + CANDIDATES.indexOf(candidate);
  }

  private List<Speeds> measure(BenchmarkServer server) throws Exception {
    List<Speeds> all =
        CANDIDATES.stream().map(c -> new Speeds(c.name(), new ArrayList<>())).toList();
    for (int round = 0; round <= rounds; round++) {
      for (int i = 0; i < CANDIDATES.size(); i++) {
        double speed = run(server, CANDIDATES.get(i), round);
        if (round > 0) {
          all.get(i).rowsPerSecond().add(speed);
        }
      }
    }
    return all;
  }

  private double run(BenchmarkServer server, Candidate candidate, int round) throws Exception {
    RowClock clock = new RowClock(rows);
    candidate.receive(server, slot(round, candidate), clock);
    if (clock.seen() != rows) {
      throw new IllegalStateException(
          "%s saw %d rows instead of %d.".formatted(candidate.name(), clock.seen(), rows));
    }
    String label = round == 0 ? "warm-up" : "round " + round;
    out()
        .printf(
            Locale.ROOT,
            "%-8s %-20s %,12.0f rows/s, %,d rows seen%n",
            label,
            candidate.name(),
            clock.rowsPerSecond(),
            clock.seen());
    out().flush();
    return clock.rowsPerSecond();
  }

  private void printMachine(BenchmarkServer server) throws Exception {
    out()
        .printf(
            Locale.ROOT,
            "%d cores (load %.1f), Java %s, PostgreSQL %s: --rows %d --rounds %d%n",
            Runtime.getRuntime().availableProcessors(),
            ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage(),
            Runtime.version(),
            server.version(),
            rows,
            rounds);
  }

  private void print(List<Speeds> all) {
    out().println();
    out()
        .print(
            Speeds.table(
                all, all.get(CANDIDATES.indexOf(STOCK)), all.get(CANDIDATES.indexOf(RAW))));
    out().flush();
  }

  /** After the rounds, so that everything is warm. */
  private void live(BenchmarkServer server) throws Exception {
    LiveRun run =
        new LiveRun(Duration.ofSeconds(idle), (int) Math.max(1, Math.min(1_000, rows / 10)));
    out().printf("%n%-20s %12s %14s %14s%n", "", "idle CPU", "commit to p50", "callback p99");
    for (Candidate candidate : LIVE) {
      LiveRun.Result result = run.of(candidate, server, "live_" + LIVE.indexOf(candidate));
      out()
          .printf(
              Locale.ROOT,
              "%-20s %10.2f %% %11.1f ms %11.1f ms%n",
              result.name(),
              result.idleCpu(),
              result.median(),
              result.p99());
      out().flush();
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}

package io.waltap.generator;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "cdc-generator",
    description = {
      "Writes transactions to the table public.transactions of a PostgreSQL server,",
      "which it creates with its triggers and its publication if it is missing."
    },
    subcommands = {LedgerCommand.class, AuditCommand.class},
    sortOptions = false,
    usageHelpAutoWidth = true)
final class GeneratorCommand implements Callable<Integer> {

  private static final long DEFAULT_COUNT = 1_000;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      required = true,
      description = "Such as jdbc:postgresql://localhost:5432/financial_db.")
  private String url = "";

  @Option(names = "--user", required = true, description = "Who writes.")
  private String user = "";

  @Option(
      names = "--password",
      arity = "0..1",
      interactive = true,
      prompt = "Password: ",
      description = "Asked for if no value follows; default: the environment variable PGPASSWORD.")
  private @Nullable String password;

  @Option(
      names = "--rate",
      description =
          "Rows a second on average, whole transactions at a time; default: 0, as fast as possible.")
  private Double rate = 0.0;

  @Option(
      names = "--count",
      description = "End after so many rows; default: 1000, if there is no --duration.")
  private @Nullable Long count;

  @Option(names = "--duration", description = "End after so long: 20s, 5m, PT20S.")
  private @Nullable Duration duration;

  @Option(
      names = "--mix",
      description = "How often each operation is chosen; default: insert=70,update=20,delete=10.")
  private Mix mix = Mix.DEFAULT;

  @Option(names = "--rows-per-transaction", description = "Default: 10.")
  private Integer rowsPerTransaction = 10;

  @Option(
      names = "--seed",
      description =
          "Makes the run repeatable; default: every run differs and has the present time.")
  private @Nullable Long seed;

  @Option(
      names = "--start",
      description = "The time of the first row of a seeded run; default: 2026-01-01T00:00:00.")
  private @Nullable LocalDateTime start;

  @Option(
      names = "--currency",
      split = ",",
      description = "ISO 4217 codes to choose from; default: USD,GBP.")
  private List<String> currencies = TransactionGenerator.DEFAULT_CURRENCIES;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private final Map<String, String> environment;
  private @Nullable Progress progress;

  GeneratorCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  @SuppressWarnings("try") // the shutdown hook is there for as long as the block
  public Integer call() throws SQLException {
    Server server = orUsage(this::server);
    Workload workload = orUsage(this::workload);
    try (StopOnShutdown stop = new StopOnShutdown(workload);
        Connection connection = server.connect()) {
      TransactionSchema.apply(connection);
      write(workload, connection);
    }
    return 0;
  }

  Server server() {
    return new Server(url, user, password == null ? environment.get("PGPASSWORD") : password);
  }

  private Workload workload() {
    Workload.Builder builder =
        Workload.builder()
            .rate(rate)
            .mix(mix)
            .rowsPerTransaction(rowsPerTransaction)
            .currencies(currencies)
            .onCommit(this::show);
    if (seed != null) {
      builder.seed(seed);
    }
    if (start != null) {
      builder.start(start);
    }
    if (duration != null) {
      builder.duration(duration);
    }
    if (count != null || duration == null) {
      builder.count(count());
    }
    return builder.build();
  }

  private long count() {
    return count == null ? DEFAULT_COUNT : count;
  }

  private <T> T orUsage(Callable<T> part) {
    try {
      return part.call();
    } catch (Exception e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "set by picocli");
  }

  private void write(Workload workload, Connection connection) throws SQLException {
    long begin = System.nanoTime();
    try (Progress bar = new Progress(count(), duration)) {
      progress = bar;
      workload.run(connection);
    } finally {
      say(workload.totals(), (System.nanoTime() - begin) / 1e9);
    }
  }

  private void show(Totals totals) {
    if (progress != null) {
      progress.show(totals);
    }
  }

  private void say(Totals totals, double seconds) {
    PrintWriter out = spec().commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "Committed %,d rows in %.1f s (%,.0f a second): %,d inserts, %,d updates, %,d deletes.%n",
        totals.all(),
        seconds,
        totals.all() / seconds,
        totals.inserts(),
        totals.updates(),
        totals.deletes());
    out.flush();
  }
}

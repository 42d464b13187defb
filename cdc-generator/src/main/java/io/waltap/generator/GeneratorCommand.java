package io.waltap.generator;

import java.io.PrintWriter;
import java.nio.file.Path;
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
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "cdc-generator",
    description = {
      "Writes transactions to the table public.transactions of a PostgreSQL server,",
      "which it creates with its triggers and its publication if it is missing.%n"
    },
    subcommands = {LedgerCommand.class, AuditCommand.class, GenerateCompletion.class},
    sortOptions = false,
    usageHelpAutoWidth = true,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:All was written.",
      "1:The server did not let it; the last line tells what was committed.",
      "2:The arguments make no sense.",
      "3:An audit found defects.",
      "130:Ctrl-C ended it after its transactions (143: a signal); the last line tells the rest."
    },
    footer = {
      "%nAn option that is not given is taken from the environment, as WALTAP_RATE for --rate,",
      "then from the file of --config, then from the preset.",
      "To complete options with the tab key, in bash or zsh:",
      "  alias cdc-generator='java -jar cdc-generator.jar'",
      "  source <(java -jar cdc-generator.jar generate-completion)"
    })
final class GeneratorCommand implements Callable<Integer> {

  private static final long DEFAULT_COUNT = 1_000;
  private static final long DRY_ROWS = 10;

  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--url", description = "Such as jdbc:postgresql://localhost:5432/financial_db.")
  private String url = "";

  @Option(names = "--user", description = "Who writes.")
  private String user = "";

  @Option(
      names = "--password",
      arity = "0..1",
      interactive = true,
      prompt = "Password: ",
      description = "Asked for if no value follows; default: the environment variable PGPASSWORD.")
  private @Nullable String password;

  @Option(
      names = "--preset",
      description = "Defaults for a purpose: quickstart, steady, burst, bulk-load, chaos or wide.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it
  private @Nullable Preset preset;

  @Option(names = "--config", description = "A properties file: rate=100 for --rate 100.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it
  private @Nullable Path config;

  @Option(
      names = "--count",
      description = "End after so many rows; default: 1000, if there is no --duration.")
  private @Nullable Long count;

  @Option(names = "--duration", description = "End after so long: 20s, 5m, PT20S.")
  private @Nullable Duration duration;

  @Mixin private ShapeOptions shape = new ShapeOptions();

  @Mixin private ExtraOptions extras = new ExtraOptions();

  @Option(
      names = "--accounts",
      negatable = true,
      fallbackValue = "true",
      description =
          "Adds customers, merchants and accounts, whose balances each payment moves in the same"
              + " transaction; their rows come on top of count and rate.")
  private boolean accounts;

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
      names = "--locale",
      description = "Where customers and merchants live, such as de-DE; default: en-US.")
  private Locale locale = TransactionGenerator.DEFAULT_LOCALE;

  @Option(
      names = "--slot",
      description = "Shows how far the consumer of this replication slot is behind.")
  private @Nullable String slot;

  @Option(
      names = "--dry-run",
      description =
          "Prints the rows that the first writer would insert, 10 if there is no --count.")
  private boolean dryRun;

  @Option(names = "--format", description = "Of a dry run: csv (default) or json.")
  private @Nullable RowLines format;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private final Map<String, String> environment;
  private volatile long beganNanos = System.nanoTime();
  private boolean uncertain;
  private @Nullable Progress progress;

  GeneratorCommand(Map<String, String> environment) {
    this.environment = environment;
  }

  @Override
  public Integer call() throws SQLException {
    if (dryRun) {
      orUsage(this::print);
    } else if (format != null) {
      throw new ParameterException(
          spec().commandLine(), "A format is for rows that are printed: give --dry-run too.");
    } else {
      fill(server());
    }
    return 0;
  }

  @SuppressWarnings("try") // the shutdown hook is there for as long as the block
  private void fill(Server server) throws SQLException {
    Workload workload = orUsage(this::workload);
    try (StopOnShutdown stop = new StopOnShutdown(workload, () -> say(workload))) {
      try (Connection connection = server.connect()) {
        TransactionSchema.apply(connection);
      }
      try (SlotLag lag = lag(server)) {
        write(workload, server, lag);
      }
    }
  }

  private @Nullable Void print() {
    long rows = count == null ? DRY_ROWS : count;
    workload(); // for its complaints
    PrintWriter out = spec().commandLine().getOut();
    TransactionGenerator generator = new Origin(seed, start, currencies, locale).generator(0);
    (format == null ? RowLines.CSV : format).print(out, generator, rows);
    out.flush();
    return null;
  }

  /** Complains as about a wrong option if it cannot be one. */
  Server server() {
    if (url.isEmpty() || user.isEmpty()) {
      throw new ParameterException(
          spec().commandLine(), "It is not said where to write: give --url and --user.");
    }
    return orUsage(this::checkedServer);
  }

  private Server checkedServer() {
    return new Server(url, user, password == null ? environment.get("PGPASSWORD") : password);
  }

  private Workload workload() {
    Workload.Builder builder =
        Workload.builder()
            .currencies(currencies)
            .locale(locale)
            .extras(extras.extras())
            .onCommit(this::show);
    shape.apply(builder);
    if (accounts) {
      builder.accounts();
    }
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

  private <T extends @Nullable Object> T orUsage(Callable<T> part) {
    try {
      return part.call();
    } catch (Exception e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "set by picocli");
  }

  private void write(Workload workload, Server server, @Nullable SlotLag lag) throws SQLException {
    beganNanos = System.nanoTime();
    try (Progress bar = new Progress(count(), duration, lag)) {
      progress = bar;
      workload.run(server::connect);
    } catch (SQLException e) {
      uncertain = Server.isLost(e);
      throw e;
    } finally {
      say(workload);
    }
  }

  private @Nullable SlotLag lag(Server server) throws SQLException {
    if (slot == null) {
      return null;
    }
    Connection connection = server.connect();
    try {
      return new SlotLag(connection, slot);
    } catch (IllegalArgumentException e) {
      connection.close();
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private void show(Totals totals) {
    if (progress != null) {
      progress.show(totals);
    }
  }

  /** What was committed comes last. */
  private void say(Workload workload) {
    PrintWriter out = spec().commandLine().getOut();
    if (workload.rolledBackRows() > 0) {
      out.printf(Locale.ROOT, "Rolled back %,d rows on purpose.%n", workload.rolledBackRows());
    }
    if (workload.lateRows() > 0) {
      out.printf(
          Locale.ROOT,
          "Began %,d rows more than 0.1 s late: lower --rate or raise --writers.%n",
          workload.lateRows());
    }
    if (uncertain) {
      out.printf("Each writer may have committed one transaction more, whose answer was lost.%n");
    }
    Totals totals = workload.totals();
    double seconds = (System.nanoTime() - beganNanos) / 1e9;
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

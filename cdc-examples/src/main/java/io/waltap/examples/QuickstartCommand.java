package io.waltap.examples;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.config.SslMode;
import io.waltap.generator.Mix;
import io.waltap.generator.Workload;
import io.waltap.preflight.PreflightReport;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
    name = "cdc-examples",
    description = {
      "Shows changes of the table public.transactions as they happen, while a generator writes.",
      "Without --url an embedded PostgreSQL is started for it."
    },
    sortOptions = false,
    usageHelpAutoWidth = true)
final class QuickstartCommand implements Callable<Integer> {

  private static final Mix MIX = new Mix(50, 35, 15);
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(20);

  /** Wide enough for nearly every line where there is no terminal to ask. */
  private static final int WIDTH_OF_A_FILE = 120;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--url",
      description = "Your own server, such as jdbc:postgresql://localhost:5432/financial_db.")
  private @Nullable String url;

  @Option(
      names = "--user",
      description = "Who writes and who reads the changes there: may do REPLICATION.")
  private @Nullable String user;

  @Option(
      names = "--password",
      arity = "0..1",
      interactive = true,
      description = "Asked for if no value follows; default: the environment variable PGPASSWORD.")
  private @Nullable String password;

  @Option(
      names = "--sslmode",
      description =
          "As libpq's; default: verify-full, and prefer if the server is on this machine.")
  private @Nullable SslMode sslMode;

  @Option(names = "--rate", description = "Rows a second; 0: as fast as possible; default: 20.")
  private Double rate = 20.0;

  @Option(names = "--duration", description = "End after so long: 20s, 5m, PT20S; default: 20s.")
  private @Nullable Duration duration;

  @Option(names = "--forever", description = "Go on until Ctrl-C.")
  private boolean forever;

  @Option(
      names = "--check",
      description =
          "Only look at your server for whatever would keep an engine from starting; changes"
              + " nothing.")
  private boolean check;

  @Option(names = "--publication", description = "The one to check; default: waltap.")
  private @Nullable String publication;

  @Option(names = "--slot", description = "The one to check; default: waltap.")
  private @Nullable String slot;

  @Option(names = "--verbose", description = "Log what the engine does, to standard error.")
  private boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private final Map<String, String> environment;
  private final Consumer<Runnable> onInterruption;

  QuickstartCommand(Map<String, String> environment, Consumer<Runnable> onInterruption) {
    this.environment = environment;
    this.onInterruption = onInterruption;
  }

  @Override
  public Integer call() throws SQLException, InterruptedException {
    if (verbose) {
      // logback.xml reads it when the first logger is asked for, which has not been yet.
      System.setProperty("waltap.log.level", "INFO");
    }
    require(
        check || (publication == null && slot == null), "--publication and --slot need --check.");
    if (check) {
      return check(orUsage(this::checked));
    }
    Workload workload = orUsage(this::workload);
    onInterruption.accept(workload::stop);
    try (Target target = target()) {
      return new Quickstart(target, workload, out(), lines()).run() ? 0 : 1;
    }
  }

  private int check(CdcConfig config) {
    PreflightReport report = CdcEngine.check(config);
    out().println(report);
    return report.canStart() ? 0 : 1;
  }

  private CdcConfig checked() {
    String given = url;
    require(given != null, "--check looks at a server of yours: give its --url.");
    CdcConfig.Builder config =
        given(Objects.requireNonNull(given)).config().toBuilder()
            .snapshotMode(SnapshotMode.INITIAL)
            .slot(Objects.requireNonNullElse(slot, "waltap"));
    if (publication != null) {
      config.publication(publication);
    }
    return config.build();
  }

  private Workload workload() {
    require(!(forever && duration != null), "--forever and --duration exclude each other.");
    Workload.Builder builder =
        Workload.builder().rate(rate).rowsPerTransaction(rowsPerTransaction()).mix(MIX);
    if (!forever) {
      builder.duration(Objects.requireNonNullElse(duration, DEFAULT_DURATION));
    }
    return builder.build();
  }

  /** Single rows while the eye can follow, else as the generator does by default. */
  private int rowsPerTransaction() {
    return rate > 0 && rate <= 100 ? 1 : 10;
  }

  private Target target() throws SQLException {
    String given = url;
    if (given != null) {
      return orUsage(() -> given(given));
    }
    require(
        user == null && password == null && sslMode == null,
        "--user, --password and --sslmode belong to a server of yours: give its --url too.");
    out().println("Starting an embedded PostgreSQL.");
    out().flush();
    return DemoServer.startEmpty();
  }

  private GivenServer given(String url) {
    if (user == null) {
      throw new IllegalArgumentException("--url asks for a --user too.");
    }
    String known = password != null ? password : environment.getOrDefault("PGPASSWORD", "");
    return new GivenServer(url, user, known, sslMode);
  }

  private ChangeLine lines() {
    boolean terminal = Ansi.AUTO.enabled();
    return new ChangeLine(
        terminal ? spec().usageMessage().width() : WIDTH_OF_A_FILE, terminal ? Ansi.ON : Ansi.OFF);
  }

  private void require(boolean holds, String sentence) {
    if (!holds) {
      throw new ParameterException(spec().commandLine(), sentence);
    }
  }

  private <T> T orUsage(Callable<T> part) {
    try {
      return part.call();
    } catch (Exception e) {
      throw new ParameterException(spec().commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private PrintWriter out() {
    return spec().commandLine().getOut();
  }

  private CommandSpec spec() {
    return Objects.requireNonNull(spec, "set by picocli");
  }
}

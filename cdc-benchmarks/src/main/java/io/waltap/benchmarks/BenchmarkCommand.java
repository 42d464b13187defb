package io.waltap.benchmarks;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The one command. The candidates take turns, so that what disturbs the machine disturbs all of
 * them.
 */
@Command(
    name = "cdc-benchmarks",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Measures WalTap beside the stock Debezium engine and the raw protocol, on a PostgreSQL that"
          + " it starts and stops by itself.",
      "",
      "Writes tables and plots to a folder. The whole of it takes about three quarters of an"
          + " hour; leave the machine alone meanwhile.",
      ""
    })
final class BenchmarkCommand implements Callable<Integer> {

  private static final List<Measure> MEASURES =
      List.of(
          new StreamingSpeed(),
          new CommitLatency(),
          new EncryptedLatency(),
          new DeliverySpeed(),
          new SnapshotSpeed(),
          new StartTime(),
          new AllocationPerChange(),
          new PeakHeap(),
          new Growth(),
          new GeneratorSpeed(),
          new RateControl());

  /** What {@code --only} takes. */
  static final class Names extends java.util.ArrayList<String> {
    private static final long serialVersionUID = 1;

    Names() {
      super(MEASURES.stream().map(Measure::name).toList());
    }
  }

  @Spec private CommandSpec spec;

  @Option(
      names = "--quick",
      description =
          "Few rows, one round, only what has a target, at most three minutes: to see where"
              + " things stand.")
  private boolean quick;

  @Option(
      names = "--only",
      split = ",",
      paramLabel = "PART",
      completionCandidates = Names.class,
      description = "Only these parts, separated by commas: ${COMPLETION-CANDIDATES}.")
  private List<String> only = List.of();

  @Option(
      names = "--rows",
      description =
          "Rows in the streaming runs that targets are about (1000000, quick: 40000); what has no"
              + " target or is dear takes a share.")
  private @Nullable Long rows;

  @Option(names = "--rounds", description = "Turns of each candidate (3, quick: 1).")
  private @Nullable Integer rounds;

  @Option(
      names = "--results",
      paramLabel = "DIR",
      description = "Where report.md and the plots go (default: ${DEFAULT-VALUE}).")
  private Path results = Path.of("results");

  private final @Nullable Plan fixed;

  private BenchmarkCommand(@Nullable Plan fixed) {
    this.fixed = fixed;
    spec = CommandSpec.create(); // picocli puts the real one in
  }

  /** The command line. */
  public static void main(String[] args) {
    System.setProperty("java.awt.headless", "true");
    System.exit(command().execute(args));
  }

  static CommandLine command() {
    return new CommandLine(new BenchmarkCommand(null));
  }

  /** The same by another plan, whatever the options say. */
  static CommandLine command(Plan plan) {
    return new CommandLine(new BenchmarkCommand(plan));
  }

  @Override
  public Integer call() throws Exception {
    Plan plan = plan();
    List<Measure> measures = measures();
    Progress progress = new Progress(spec.commandLine().getOut());
    long begun = System.nanoTime();
    try (BenchmarkServer server = BenchmarkServer.start(plan.slots())) {
      String machine = Machine.describe(server.version());
      progress.say(machine);
      Bench bench = new Bench(server, plan, progress);
      bench.warmUp();
      Map<String, Long> seconds = new LinkedHashMap<>();
      Results figures = measure(bench, measures, seconds);
      Report report = new Report(results);
      long whole = secondsSince(begun);
      report.write(head(machine, whole, seconds), figures, Targets.of(figures, plan));
      progress.say("%s, after %d s %s".formatted(report.file(), whole, seconds));
    }
    return 0;
  }

  private static Results measure(Bench bench, List<Measure> measures, Map<String, Long> seconds)
      throws Exception {
    Map<String, Section> sections = new LinkedHashMap<>();
    for (Measure measure : measures) {
      long begun = System.nanoTime();
      sections.put(measure.name(), measure.measure(bench));
      seconds.put(measure.name(), secondsSince(begun));
    }
    return new Results(sections);
  }

  private static long secondsSince(long begun) {
    return (System.nanoTime() - begun) / 1_000_000_000;
  }

  private Plan plan() {
    if (fixed != null) {
      return fixed;
    }
    Plan plan = quick ? Plan.quick() : Plan.full();
    long r = rows == null ? plan.rows() : rows;
    int n = rounds == null ? plan.rounds() : rounds;
    if (r < 10 || n < 1) {
      throw refused("At least 10 rows and 1 round are needed to measure anything.");
    }
    return plan.with(r, n);
  }

  private List<Measure> measures() {
    List<String> names = new Names();
    for (String part : only) {
      if (!names.contains(part)) {
        throw refused("There is no part %s, but %s.".formatted(part, String.join(", ", names)));
      }
    }
    return MEASURES.stream().filter(m -> only.isEmpty() || only.contains(m.name())).toList();
  }

  private CommandLine.ParameterException refused(String why) {
    return new CommandLine.ParameterException(spec.commandLine(), why);
  }

  private String head(String machine, long whole, Map<String, Long> seconds) {
    String options = String.join(" ", spec.commandLine().getParseResult().originalArgs());
    String command = "java -jar cdc-benchmarks/target/cdc-benchmarks.jar " + options;
    String each =
        seconds.entrySet().stream()
            .map(part -> part.getKey() + " " + part.getValue())
            .collect(Collectors.joining(", "));
    return """
        `%s`, %d s (%s)

        %s

        Figures are medians of the rounds, with the least and the most in brackets, and the share \
        of the limit in the first column behind them.
        """
        .formatted(command.strip(), whole, each, machine);
  }
}

package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The campaign on the command line. Exit code 1 if anything was violated. */
@Command(
    name = "cdc-chaos",
    description = "Kills a consumer, its network and its server, and looks what gets lost.",
    sortOptions = false,
    usageHelpAutoWidth = true,
    subcommands = BookingMain.class)
public final class CampaignMain implements Callable<Integer> {

  @Option(names = "--seed", description = "Repeats what was drawn; default: another each time.")
  private @Nullable Long seed;

  @Option(names = "--duration", description = "How long at least: PT10M; default: PT10M.")
  private Duration duration = Duration.ofMinutes(10);

  @Option(names = "--kills", description = "How many kills at least; default: 100.")
  private int kills = 100;

  @Option(names = "--faults", description = "How many other faults at least; default: 30.")
  private int faults = 30;

  @Option(names = "--rows", description = "How many changes at least; default: 0.")
  private long rows;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "This text.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  private CampaignMain() {}

  /** Runs a campaign and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new CampaignMain()).execute(args));
  }

  @Override
  public Integer call() throws IOException, SQLException, InterruptedException {
    long drawn = seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed;
    Budget budget = new Budget(drawn, duration, kills, faults, rows);
    return CampaignRun.run(budget, Path.of("target", "chaos"), System.out).isClean() ? 0 : 1;
  }
}

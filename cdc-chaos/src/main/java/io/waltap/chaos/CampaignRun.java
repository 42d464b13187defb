package io.waltap.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** One campaign from its first line to its report. */
final class CampaignRun {

  private CampaignRun() {}

  /**
   * Runs one, prints its report and writes it to a file.
   *
   * @param folder gets the report, and a folder with all there is to see if something is wrong
   */
  static Report run(Budget budget, Path folder, PrintStream out)
      throws IOException, SQLException, InterruptedException {
    out.println("The seed is " + budget.seed() + "; to repeat: " + budget.command());
    Path evidence = Files.createDirectories(folder).resolve("seed-" + budget.seed());
    Folders.delete(evidence);
    Report report;
    try (Campaign campaign = new Campaign(budget, Files.createDirectory(evidence), out)) {
      Runtime.getRuntime().addShutdownHook(new Thread(() -> close(campaign), "chaos-end"));
      report = campaign.run();
    }
    report.writeTo(folder.resolve("report.md"));
    out.println(report);
    if (report.isClean()) {
      Folders.delete(evidence);
    } else {
      out.println("Something was violated. To repeat: " + budget.command());
      out.println("The consumer's files are in " + evidence.toAbsolutePath());
    }
    return report;
  }

  // Whoever interrupts the campaign leaves neither a server nor a consumer behind.
  private static void close(Campaign campaign) {
    try {
      campaign.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

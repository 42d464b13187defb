package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** That the benchmark measures what it says, not how fast this machine is. */
class BenchmarkCommandIT {

  private static final Plan TINY =
      new Plan(
          1_000,
          1,
          false,
          1,
          List.of(2, 3, 10),
          List.of(20, 50, 1_000),
          List.of("128m"),
          1_000,
          List.of(100L, 1_000L),
          List.of(1, 3),
          500,
          1);

  @TempDir private Path folder;

  @Test
  void theReportHasAFigureOfEveryMeasureForEveryCandidate() throws Exception {
    StringWriter out = new StringWriter();
    CommandLine command = BenchmarkCommand.command(TINY).setOut(new PrintWriter(out));

    assertThat(command.execute("--results", folder.toString())).as(out.toString()).isZero();

    assertThat(steps(out, "snapshot")).hasSameSizeAs(Candidates.snapshot());
    assertThat(steps(out, "inserts, 1,000 a transaction")).hasSameSizeAs(Candidates.everyWay());
    assertReport(Files.readAllLines(folder.resolve("report.md")));
  }

  private void assertReport(List<String> report) {
    assertThat(report)
        .anyMatch(line -> line.contains("--results"))
        .anyMatch(line -> line.matches("\\d+ cores, .*JDK 17.*PostgreSQL 1.*"))
        .filteredOn(line -> line.startsWith("## "))
        .hasSize(12);
    assertThat(report).filteredOn(line -> line.startsWith("| ")).hasSizeGreaterThan(40);
    assertThat(report)
        .filteredOn(line -> line.startsWith("| ") && line.contains("| – "))
        .as("only batches have nothing to wait for, and only workers nothing to write")
        .allMatch(line -> line.startsWith("| waits 5 ms") || line.startsWith("| writes a row"));
    for (String file : plots(report)) {
      assertThat(folder.resolve(file)).content().contains("</svg>", "<path");
    }
    assertThat(plots(report)).hasSizeGreaterThan(9);
  }

  @Test
  void tooFewRowsAreRefused() {
    assertThat(refusal("--rows", "1")).contains("At least 10 rows");
  }

  @Test
  void aPartThatThereIsNotIsRefused() {
    assertThat(refusal("--only", "streaming,speed")).contains("There is no part speed, but stream");
  }

  /** Who has seen all rows of a workload. */
  private static List<String> steps(StringWriter out, String workload) {
    return out.toString()
        .lines()
        .filter(line -> line.startsWith(workload + "  ") && line.endsWith(" 1,000 rows seen"))
        .toList();
  }

  private static String refusal(String... args) {
    StringWriter err = new StringWriter();
    CommandLine command = BenchmarkCommand.command().setErr(new PrintWriter(err));
    assertThat(command.execute(args)).isEqualTo(2);
    return err.toString();
  }

  private static List<String> plots(List<String> report) {
    return report.stream()
        .filter(line -> line.startsWith("!["))
        .map(line -> line.substring(line.indexOf('(') + 1, line.length() - 1))
        .toList();
  }
}

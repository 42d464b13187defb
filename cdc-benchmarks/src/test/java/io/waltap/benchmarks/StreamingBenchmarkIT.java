package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** That the benchmark measures what it says, not how fast this machine is. */
class StreamingBenchmarkIT {

  @Test
  void everyCandidateSeesAllRows() {
    StringWriter out = new StringWriter();
    CommandLine command = StreamingBenchmark.command().setOut(new PrintWriter(out));

    assertThat(command.execute("--rows", "2500", "--rounds", "1", "--idle", "1")).isZero();

    Stream<String> names =
        Stream.of("raw pgoutput", "stock, Json", "stock, Connect", "WalTap, record", "WalTap, Row");
    List<String> lines = out.toString().lines().toList();
    assertThat(names)
        .allSatisfy(
            name -> {
              assertThat(lines)
                  .filteredOn(line -> line.contains(name) && line.endsWith(" 2,500 rows seen"))
                  .hasSize(2);
              assertThat(lines).anyMatch(line -> line.startsWith(name) && line.contains("x"));
            });
    assertThat(lines).filteredOn(line -> line.endsWith(" ms")).hasSize(2);
  }

  @Test
  void tooFewRowsAreRefused() {
    StringWriter err = new StringWriter();
    CommandLine command = StreamingBenchmark.command().setErr(new PrintWriter(err));

    assertThat(command.execute("--rows", "1")).isEqualTo(2);
    assertThat(err.toString()).contains("At least 2 rows");
  }
}

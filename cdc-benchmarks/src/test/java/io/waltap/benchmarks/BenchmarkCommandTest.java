package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The command that the README names is taken as it stands there. */
class BenchmarkCommandTest {

  private static final Pattern COMMAND =
      Pattern.compile("java -jar cdc-benchmarks/target/cdc-benchmarks.jar ?([^`\n]*)");

  @Test
  void everyCommandInTheReadmeIsTaken() throws IOException {
    List<String> options =
        COMMAND
            .matcher(Files.readString(Path.of("..", "README.md")))
            .results()
            .map(match -> match.group(1))
            .toList();

    assertThat(options).isNotEmpty().allSatisfy(BenchmarkCommandTest::assertTaken);
  }

  private static void assertTaken(String options) {
    String[] args = options.isBlank() ? new String[0] : options.strip().split(" +");
    assertThatCode(() -> BenchmarkCommand.command().parseArgs(args)).doesNotThrowAnyException();
  }
}

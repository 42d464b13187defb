package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A signal, as Ctrl-C sends one, ends a run without end with its table, exit code and clean-up. */
@Timeout(120)
class InterruptionIT {

  @TempDir private Path folder;

  @Test
  void endsARunOnAServerOfItsOwn() throws Exception {
    Process process = inItsOwnJvm("--forever", "--rate", "50");
    Await.until("changes are shown", () -> out().contains("UPDATE"));
    assertThat(endedBySignal(process)).as(err()).isZero();
    assertAgrees();
  }

  @Test
  void endsARunOnAGivenServerAndLeavesNoSlot() throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      String slots =
          "SELECT count(*) FROM pg_replication_slots WHERE database = current_database()";
      Process process =
          inItsOwnJvm(
              "--forever",
              "--url",
              database.url(),
              "--user",
              database.user(),
              "--password",
              database.password(),
              "--sslmode",
              "prefer");
      Await.until("changes are shown", () -> out().contains("UPDATE"));
      assertThat(database.value(slots)).isEqualTo("1");
      assertThat(endedBySignal(process)).as(err()).isZero();
      assertAgrees();
      assertThat(database.value(slots)).isEqualTo("0");
    }
  }

  private void assertAgrees() throws IOException {
    Shown shown = Shown.of(out());
    assertThat(shown.lines()).isEqualTo(shown.written()).isEqualTo(shown.received());
    assertThat(shown.written().all()).isPositive();
    assertThat(err()).as("nothing is logged by default").isEmpty();
  }

  private static int endedBySignal(Process process) throws InterruptedException {
    process.destroy();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  private Process inItsOwnJvm(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp")); // it does not live long
    command.add(System.getProperty("java.class.path"));
    command.add("-Dlogback.configurationFile=logback.xml");
    command.add(QuickstartMain.class.getName());
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectOutput(folder.resolve("out").toFile())
            .redirectError(folder.resolve("err").toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // the JVM would say that it found them
    return builder.start();
  }

  private String out() throws IOException {
    return Files.readString(folder.resolve("out"));
  }

  private String err() throws IOException {
    return Files.readString(folder.resolve("err"));
  }
}

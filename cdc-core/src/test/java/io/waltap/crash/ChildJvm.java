package io.waltap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A consumer in a process of its own, on a class path of one's choice. */
final class ChildJvm {

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
  }

  static ChildJvm start(
      Class<?> main, String classPath, TestDatabase database, Path folder, int dieAfter)
      throws IOException {
    return new ChildJvm(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath,
                main.getName(),
                database.url(),
                database.user(),
                database.password(),
                database.name(),
                folder.toString(),
                Integer.toString(dieAfter))
            .redirectErrorStream(true)
            .start());
  }

  ChildJvm awaitStreaming() throws IOException {
    BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
    String line = reader.readLine();
    while (line != null && !line.equals("STREAMING")) {
      output.add(line);
      line = reader.readLine();
    }
    assertThat(line).as("the consumer streams; it said: %s", output).isEqualTo("STREAMING");
    drain(reader);
    return this;
  }

  // A child whose output nobody reads stops when the pipe is full.
  private void drain(BufferedReader reader) {
    Thread thread = new Thread(() -> reader.lines().forEach(output::add));
    thread.setDaemon(true);
    thread.start();
  }

  /** Waits for its end by itself. */
  int awaitEnd() throws InterruptedException {
    return process.waitFor();
  }

  /** Asks it to stop and waits for its end. */
  int stop() throws IOException, InterruptedException {
    process.getOutputStream().close();
    return process.waitFor();
  }

  List<String> output() {
    return output;
  }
}

package io.waltap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A consumer in a process of its own, on a class path of one's choice. */
final class ChildJvm implements AutoCloseable {

  /** For much work on a machine that has other work. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();

  private ChildJvm(Process process) {
    this.process = process;
  }

  static ChildJvm start(
      Class<?> main, String classPath, TestDatabase database, Path folder, int dieAfter)
      throws IOException {
    return start(main, classPath, List.of("-Xmx128m"), database, folder, dieAfter + "");
  }

  /** One with options of its own; what it does is its last argument. */
  static ChildJvm start(
      Class<?> main,
      String classPath,
      List<String> options,
      TestDatabase database,
      Path folder,
      String what)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classPath, main.getName()));
    command.addAll(List.of(database.url(), database.user(), database.password()));
    command.addAll(List.of(database.name(), folder.toString(), what));
    return new ChildJvm(new ProcessBuilder(command).redirectErrorStream(true).start());
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

  /** Waits until it has said a line that begins so, and gives the last one. */
  String awaitLine(String beginning) {
    Await.until(
        "the child says " + beginning,
        PATIENCE,
        () -> !process.isAlive() || lines(beginning).findAny().or(this::failed).isPresent());
    return lines(beginning)
        .reduce((first, last) -> last)
        .orElseThrow(() -> new AssertionError("it never said " + beginning + " but " + output));
  }

  private Optional<String> failed() {
    return lines("FAILED").findAny();
  }

  private Stream<String> lines(String beginning) {
    return output.stream().filter(line -> line.startsWith(beginning));
  }

  /** Ends it at once, if it is still there. */
  @Override
  public void close() {
    process.destroyForcibly();
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

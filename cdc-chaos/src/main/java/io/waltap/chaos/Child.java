package io.waltap.chaos;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A consumer in a process of its own, and what it says of itself. */
final class Child {

  private final Process process;
  private final Runnable onStreaming;
  private final Thread reader;
  private volatile String state = "none";
  private volatile String failure = "";
  private volatile boolean reading;
  private volatile boolean ready;

  private Child(Process process, Runnable onStreaming) {
    this.process = process;
    this.onStreaming = onStreaming;
    this.reader = new Thread(this::read, "child-output");
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts one.
   *
   * @param port where it finds the server
   * @param onStreaming is told each time that its stream is open
   */
  static Child start(
      Class<?> main, int port, String slot, ConsumerFiles files, Runnable onStreaming)
      throws IOException {
    return new Child(
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:TieredStopAtLevel=1",
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName(),
                "jdbc:postgresql://127.0.0.1:" + port + "/" + ChaosServer.DATABASE,
                ChaosServer.USER,
                ChaosServer.PASSWORD,
                slot,
                files.folder().toString())
            .redirectError(ProcessBuilder.Redirect.appendTo(files.log().toFile()))
            .start(),
        onStreaming);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      lines.lines().forEach(this::heard);
    } catch (IOException | UncheckedIOException e) {
      // it was killed while it spoke
    }
  }

  private void heard(String line) {
    if (line.startsWith(Consumer.FAILURE)) {
      failure = line.substring(Consumer.FAILURE.length());
    } else if (line.equals(Consumer.READY)) {
      ready = true;
    } else if (line.equals(Consumer.READING)) {
      reading = true;
    } else if (line.startsWith(Consumer.STATE)) {
      state = line.substring(Consumer.STATE.length());
      if (isStreaming()) {
        onStreaming.run();
      }
    }
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  boolean isStreaming() {
    return state.equals("STREAMING");
  }

  /** Whether rows of a snapshot came. */
  boolean isReading() {
    return reading;
  }

  /** Whether it stops in good order when it is told to. */
  boolean isReady() {
    return ready;
  }

  /** Whether its engine has ended by itself. */
  boolean hasFailed() {
    return state.equals("FAILED");
  }

  /** Whether its engine was closed and said so. */
  boolean wasStopped() {
    return state.equals("STOPPED");
  }

  /** Why it ended by itself; empty if it did not say. */
  String failure() throws InterruptedException {
    reader.join(1_000);
    return failure;
  }

  /** Its exit code, once it has ended. */
  int exitCode() {
    return process.exitValue();
  }

  boolean awaitStreaming(Duration timeout) throws InterruptedException {
    return Waiting.until(timeout, () -> isStreaming() || !isAlive()) && isStreaming();
  }

  /** SIGKILL, and the end. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }

  /** SIGKILL, without waiting. */
  void destroy() {
    process.destroyForcibly();
  }

  /** SIGTERM, without waiting. */
  void terminate() {
    process.toHandle().destroy(); // Process.destroy would close its streams as well
  }

  boolean awaitEnd(Duration timeout) throws InterruptedException {
    boolean ended = process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
    if (ended) {
      reader.join();
    }
    return ended;
  }
}

package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The consumer that the campaign torments: starts it again whenever it has ended, and keeps an
 * account of how often it ended without having been told to.
 */
final class Subject implements AutoCloseable {

  static final String SLOT = "chaos";

  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Class<?> consumer;
  private final int port;
  private final ConsumerFiles files;
  private final Recoveries recoveries;
  private final Map<String, Integer> ownEnds = new TreeMap<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile @Nullable Child child;
  private String lastFault = "the start";
  private String lastFailure = "";

  Subject(Class<?> consumer, int port, ConsumerFiles files, Recoveries recoveries) {
    this.consumer = consumer;
    this.port = port;
    this.files = files;
    this.recoveries = recoveries;
    Thread watcher = new Thread(this::watchChanges, "recording-watch");
    watcher.setDaemon(true);
    watcher.start();
  }

  // The notes only grow when a transaction has come to its end.
  private void watchChanges() {
    try {
      long size = 0;
      while (!closed.get()) {
        long now = size(files);
        if (now > size) {
          recoveries.change();
        }
        size = now;
        Waiting.pause(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static long size(ConsumerFiles files) {
    try {
      return Files.size(files.notes());
    } catch (IOException e) {
      return 0;
    }
  }

  /** Starts the process, if it does not run. */
  void start() throws IOException, InterruptedException {
    alive();
  }

  /** The process, started again if it has ended by itself. */
  Child alive() throws IOException, InterruptedException {
    Child running = child;
    if (running != null && !running.isAlive()) {
      lastFailure = "exit code " + running.exitCode() + " " + running.failure();
      ownEnds.merge(lastFault, 1, Integer::sum);
      running = null;
    }
    if (running == null) {
      running = Child.start(consumer, port, SLOT, files, recoveries::streaming);
      child = running;
    }
    return running;
  }

  /** Waits until it streams, and starts it again as often as need be; false if it took longer. */
  boolean awaitStreaming(Duration timeout) throws InterruptedException {
    return Waiting.until(timeout, () -> alive().isStreaming());
  }

  /** SIGKILL; it stays down. */
  void kill() throws IOException, InterruptedException {
    alive().kill();
    child = null;
  }

  /**
   * SIGTERM; it stays down.
   *
   * @return whether it ended in time and, unless it was still starting, in good order
   */
  boolean stop() throws IOException, InterruptedException {
    Child running = alive();
    boolean ready = running.isReady();
    running.terminate();
    boolean ended = running.awaitEnd(STOP_TIMEOUT);
    if (!ended) {
      running.kill();
    }
    child = null;
    return ended && (running.wasStopped() || !ready || running.hasFailed());
  }

  /** Waits until it stops in good order when it is told to. */
  boolean awaitReady(Duration timeout) throws InterruptedException {
    return Waiting.until(timeout, () -> alive().isReady());
  }

  /** Takes its end for one that it was told to. */
  void forget() {
    child = null;
  }

  /** What is to be blamed for its next end. */
  void blame(Fault fault) {
    lastFault = fault.toString();
  }

  /** How often it ended without having been told to, by the fault before. */
  Map<String, Integer> ownEnds() {
    return new TreeMap<>(ownEnds);
  }

  /** What it said when it last ended by itself. */
  String lastFailure() {
    return lastFailure;
  }

  @Override
  public void close() {
    closed.set(true);
    Child running = child;
    if (running != null) {
      running.destroy();
    }
  }
}

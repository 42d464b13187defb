package io.waltap.examples;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Makes Ctrl-C end a run as if its time were over: with its table, its clean-up and exit code. */
final class Interruption {

  private static final int PATIENCE_SECONDS = 45;

  private final CompletableFuture<Integer> exitCode = new CompletableFuture<>();
  private Runnable stop = () -> {};
  private boolean interrupted;

  /** Begins to watch for it. */
  static Interruption watch() {
    Interruption interruption = new Interruption();
    Runtime.getRuntime().addShutdownHook(new Thread(interruption::endRun, "quickstart-shutdown"));
    return interruption;
  }

  /** Says what is to be done; if it happened already, that is done now. */
  synchronized void stopWith(Runnable stop) {
    this.stop = stop;
    if (interrupted) {
      stop.run();
    }
  }

  /** The run has ended. */
  void ended(int code) {
    exitCode.complete(code);
  }

  /** The JVM would report the signal instead of the code, and not wait for anything. */
  private void endRun() {
    if (exitCode.isDone()) {
      return;
    }
    synchronized (this) {
      interrupted = true;
      stop.run();
    }
    try {
      Runtime.getRuntime().halt(exitCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
    } catch (TimeoutException e) {
      System.err.println("The run does not end within " + PATIENCE_SECONDS + " s: given up.");
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

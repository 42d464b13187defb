package io.waltap.generator;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets Ctrl-C end a workload after its transaction, and the process after the last line. */
final class StopOnShutdown implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 10;

  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread hook;

  /**
   * @param giveUp says what was committed, if the transaction does not end in time
   */
  StopOnShutdown(Workload workload, Runnable giveUp) {
    this.hook = new Thread(() -> stopAndWait(workload, giveUp), "generator-shutdown");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stopAndWait(Workload workload, Runnable giveUp) {
    workload.stop();
    try {
      if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        System.err.println("The running transaction does not end: it is left to the server.");
        giveUp.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    done.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook is running: it is why the workload ended.
    }
  }
}

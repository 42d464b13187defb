package io.waltap.internal.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells listeners on a thread of their own, one thing after the other: one that takes its time, or
 * never returns, holds up nobody but those who wait for it.
 */
final class Teller {

  private static final Logger LOG = LoggerFactory.getLogger(Teller.class);

  private final String name;
  private final ThreadPoolExecutor executor;
  private volatile @Nullable Thread thread;

  /**
   * @param name of the thread, which there is from the first thing that is told
   */
  Teller(String name) {
    this.name = name;
    this.executor =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            this::thread,
            new ThreadPoolExecutor.DiscardPolicy());
  }

  private Thread thread(Runnable work) {
    Thread created = new Thread(work, name);
    created.setDaemon(true);
    thread = created;
    return created;
  }

  /**
   * Has something told after all that came before; not after the end. Returns at once.
   *
   * @return is complete when it was told, whatever the listener made of it
   */
  CompletionStage<Void> tell(Runnable telling) {
    return CompletableFuture.runAsync(() -> tellSafely(telling), executor);
  }

  private void tellSafely(Runnable telling) {
    try {
      telling.run();
    } catch (Throwable e) { // whatever it is, the others have to be told
      LOG.warn("{}: a listener threw", name, e);
    }
  }

  /** Whether this thread is telling a listener, so that it must not wait for what comes next. */
  boolean isTelling() {
    return Thread.currentThread() == thread;
  }

  /** Takes nothing more. The thread ends when all is told. */
  void end() {
    executor.shutdown();
  }

  /** Waits for that; tells whether it came in time. */
  boolean awaitEnd(Duration patience) {
    try {
      return executor.awaitTermination(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

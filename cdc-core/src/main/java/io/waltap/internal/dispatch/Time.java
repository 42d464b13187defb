package io.waltap.internal.dispatch;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** The time by which lanes wait. Any thread. */
interface Time {

  /** The one on the wall. */
  Time REAL =
      new Time() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public void after(Duration wait, Runnable work) {
          CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS, Runnable::run)
              .execute(work);
        }
      };

  /** As {@link System#nanoTime}. */
  long nanos();

  /** Does something after a while, on a thread that it must not hold up. */
  void after(Duration wait, Runnable work);
}

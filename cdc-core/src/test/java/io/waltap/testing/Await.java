package io.waltap.testing;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition, with a deadline and a sentence for when it is missed. */
public final class Await {

  private static final Duration DEADLINE = Duration.ofSeconds(30);

  private Await() {}

  /** Waits up to 30 s until the condition holds. */
  public static void until(String what, Callable<Boolean> condition) {
    until(what, DEADLINE, condition);
  }

  /** Waits until the condition holds, for no longer than given. */
  public static void until(String what, Duration deadline, Callable<Boolean> condition) {
    long end = System.nanoTime() + deadline.toNanos();
    try {
      while (!condition.call()) {
        if (System.nanoTime() > end) {
          throw new AssertionError("not within " + deadline.toSeconds() + " s: " + what);
        }
        LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
      }
    } catch (Exception e) {
      throw new AssertionError("while waiting until " + what, e);
    }
  }
}

package io.waltap.internal.dispatch;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Whether listeners may be called. Paused, they may not until it is opened again; shut, never
 * again. Once the engine is about to stop, nobody waits here any more.
 */
final class Gate {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean paused;
  private volatile boolean stopping;
  private volatile boolean shut;

  /**
   * Waits until listeners may be called.
   *
   * @return false if they may not be, because the engine stops
   */
  boolean await() throws InterruptedException {
    if (!paused && !shut) {
      return true;
    }
    lock.lockInterruptibly();
    try {
      while (paused && !stopping && !shut) {
        changed.await();
      }
      return !paused && !shut;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a while.
   *
   * @return whether it is over; false if the engine stops
   */
  boolean pause(Duration duration) throws InterruptedException {
    long nanos = duration.toNanos();
    lock.lockInterruptibly();
    try {
      while (nanos > 0 && !stopping && !shut) {
        nanos = changed.awaitNanos(nanos);
      }
      return !stopping && !shut;
    } finally {
      lock.unlock();
    }
  }

  boolean isOpen() {
    return !paused && !shut;
  }

  boolean isPaused() {
    return paused;
  }

  boolean isStopping() {
    return stopping;
  }

  /** Whether it is closed and nobody waits for it to be opened. */
  boolean isOver() {
    return shut || (paused && stopping);
  }

  boolean isShut() {
    return shut;
  }

  void setPaused(boolean now) {
    change(() -> paused = now);
  }

  void stopping() {
    change(() -> stopping = true);
  }

  void shut() {
    change(() -> shut = true);
  }

  private void change(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

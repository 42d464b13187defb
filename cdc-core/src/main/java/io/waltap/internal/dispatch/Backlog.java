package io.waltap.internal.dispatch;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/** How many changes wait for workers and batches, all together, bounded by count and by bytes. */
final class Backlog {

  private final int maxChanges;
  private final long maxBytes;
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private volatile boolean waiting;

  Backlog(int maxChanges, long maxBytes) {
    this.maxChanges = maxChanges;
    this.maxBytes = maxBytes;
  }

  /** Takes room, if there is some, or nothing else is there. The dispatching thread. */
  boolean tryAdd(int weight) {
    int before = changes.get();
    if (before > 0 && (before >= maxChanges || bytes.get() + weight > maxBytes)) {
      return false;
    }
    changes.incrementAndGet();
    bytes.addAndGet(weight);
    return true;
  }

  /**
   * Takes room, or waits for it.
   *
   * @param hopeless whether there will be none
   * @return false if there will be none
   */
  boolean add(int weight, BooleanSupplier hopeless) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting = true;
      while (!tryAdd(weight)) {
        if (hopeless.getAsBoolean()) {
          return tryAdd(weight); // what was made last
        }
        room.await(50, TimeUnit.MILLISECONDS); // nobody tells when there is no hope any more
      }
      return true;
    } finally {
      waiting = false;
      lock.unlock();
    }
  }

  /** Gives room back. Any thread. */
  void remove(int count, long weight) {
    bytes.addAndGet(-weight);
    changes.addAndGet(-count);
    if (waiting) {
      lock.lock();
      try {
        room.signal();
      } finally {
        lock.unlock();
      }
    }
  }

  int changes() {
    return changes.get();
  }

  long bytes() {
    return bytes.get();
  }
}

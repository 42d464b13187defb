package io.waltap.chaos;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Lets writers work, holds them back, or sends them home. Thread-safe. */
final class Gate {

  private enum Position {
    OPEN,
    SHUT,
    OVER
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private Position position = Position.SHUT;
  private int inside;

  /** Waits until the gate is open; false if it is all over. */
  boolean enter() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (position == Position.SHUT) {
        changed.await();
      }
      if (position == Position.OPEN) {
        inside++;
      }
      return position == Position.OPEN;
    } finally {
      lock.unlock();
    }
  }

  void leave() {
    lock.lock();
    try {
      inside--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void open() {
    moveTo(Position.OPEN);
  }

  /** Lets nobody in, and waits until nobody is inside. */
  void shut() throws InterruptedException {
    moveTo(Position.SHUT);
    lock.lockInterruptibly();
    try {
      while (inside > 0) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Sends everybody home. */
  void end() {
    moveTo(Position.OVER);
  }

  private void moveTo(Position next) {
    lock.lock();
    try {
      position = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package io.waltap.internal.debezium;

import io.waltap.internal.dispatch.SourceEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was read from the stream and not yet delivered, bounded by count and by bytes. Hands over as
 * soon as there is anything, so a change waits for no interval.
 */
final class WalQueue {

  private record Entry(SourceEvent event, int bytes) {}

  private final int maxEvents;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final Queue<Entry> entries = new ArrayDeque<>();
  private long bytes;
  private boolean woken;
  private boolean closed;
  private volatile boolean waiting;

  WalQueue(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /**
   * Adds an event, or waits a while for room.
   *
   * @return whether it was added; an event larger than the bound is added when nothing else is
   *     there
   */
  boolean offer(SourceEvent event, int size, long waitNanos) throws InterruptedException {
    long nanos = waitNanos;
    lock.lockInterruptibly();
    try {
      while (!closed && isFull(size)) {
        if (nanos <= 0) {
          return false;
        }
        waiting = true;
        nanos = notFull.awaitNanos(nanos);
        waiting = false;
      }
      if (!closed) {
        entries.add(new Entry(event, size));
        bytes += size;
        notEmpty.signal();
      }
      return true; // a closed queue swallows: nobody will read it
    } finally {
      lock.unlock();
    }
  }

  /** Whether reading waits for room. */
  boolean isWaitedFor() {
    return waiting;
  }

  private boolean isFull(int size) {
    return !entries.isEmpty() && (entries.size() >= maxEvents || bytes + size > maxBytes);
  }

  /**
   * Takes up to {@code max} events, waiting for the first; empty if none came or the queue was
   * closed.
   */
  List<SourceEvent> poll(int max, long waitMillis) throws InterruptedException {
    long nanos = TimeUnit.MILLISECONDS.toNanos(waitMillis);
    lock.lockInterruptibly();
    try {
      while (entries.isEmpty() && !closed && !woken && nanos > 0) {
        nanos = notEmpty.awaitNanos(nanos);
      }
      woken = false;
      return take(max);
    } finally {
      lock.unlock();
    }
  }

  private List<SourceEvent> take(int max) {
    int count = Math.min(max, entries.size());
    List<SourceEvent> taken = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Entry entry = entries.remove();
      bytes -= entry.bytes();
      taken.add(entry.event());
    }
    notFull.signal();
    return taken;
  }

  /** Lets the reader go on at once; used when something else wants its attention. */
  void wake() {
    lock.lock();
    try {
      woken = true;
      notEmpty.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Drops what is there and lets everybody go. */
  void close() {
    lock.lock();
    try {
      closed = true;
      entries.clear();
      bytes = 0;
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

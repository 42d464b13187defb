package io.waltap.internal.debezium;

import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.internal.engine.ChangeSource.Queue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What was read from the server and not yet delivered, bounded by count and by bytes. Hands over as
 * soon as there is anything, so a change waits for no interval.
 *
 * <p><b>Bytes</b> are those of the heap, and what was taken counts until it is {@link #done}: it is
 * still there. Who reads asks for room <em>before</em> he reads, for nobody knows the size of what
 * comes next, and once it is read it is there, in the queue or not. So there is never more than the
 * bound and one message of each who reads, of whatever size.
 */
final class WalQueue {

  private record Entry(SourceEvent event, long bytes) {}

  /** What an event takes beside its texts, about: its rows with their arrays, its place here. */
  private static final int EVENT = 200;

  /** Which part of the bytes is handed over at once, so that reading goes on meanwhile. */
  private static final int SHARE = 4;

  private final int maxEvents;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition notFull = lock.newCondition();
  private final java.util.Queue<Entry> entries = new ArrayDeque<>();
  private long taken;
  private boolean woken;
  private boolean closed;
  private volatile int events; // changed under the lock, as is the next
  private volatile long bytes;
  private volatile int waiting;

  WalQueue(int maxEvents, long maxBytes) {
    this.maxEvents = maxEvents;
    this.maxBytes = maxBytes;
  }

  /**
   * Waits a while for room.
   *
   * @return whether there is some; also if the queue was closed
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  boolean awaitRoom(long waitNanos) throws InterruptedException {
    if (!isFull()) {
      return true;
    }
    long nanos = waitNanos;
    lock.lockInterruptibly();
    try {
      while (!closed && isFull()) {
        if (nanos <= 0) {
          return false;
        }
        waiting++;
        try {
          nanos = notFull.awaitNanos(nanos);
        } finally {
          waiting--;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return events >= maxEvents || bytes >= maxBytes;
  }

  /** Whether reading waits for room. */
  boolean isWaitedFor() {
    return waiting > 0;
  }

  /**
   * Adds an event, room or not.
   *
   * @param size what its values take of the heap
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  void add(SourceEvent event, long size) {
    lock.lock();
    try {
      if (!closed) { // a closed queue swallows: nobody will read it
        entries.add(new Entry(event, EVENT + size));
        events++;
        bytes += EVENT + size;
        notEmpty.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes up to {@code max} events, waiting for the first; empty if none came or the queue was
   * closed. To be followed by {@link #done} before the next.
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
    List<SourceEvent> batch = new ArrayList<>(Math.min(max, entries.size()));
    for (Entry next = entries.peek();
        next != null && batch.size() < max && (batch.isEmpty() || fits(next));
        next = entries.peek()) {
      entries.remove();
      taken += next.bytes();
      batch.add(next.event());
    }
    events = entries.size();
    if (!batch.isEmpty()) {
      notFull.signalAll();
    }
    return batch;
  }

  private boolean fits(Entry next) {
    return taken + next.bytes() <= maxBytes / SHARE;
  }

  /** What was taken is delivered, or never will be; empties it, whoever may still hold the list. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock
  void done(List<SourceEvent> batch) {
    lock.lock();
    try {
      batch.clear();
      bytes -= taken;
      taken = 0;
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How full it is; any thread. */
  Queue queued() {
    return new Queue(events, bytes, maxEvents, maxBytes);
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
      events = 0;
      bytes = taken;
      notEmpty.signalAll();
      notFull.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** How far the engine has come: made durable first, shown to those who wait for it second. */
final class Progress {

  private final OffsetStore store;
  private volatile Offset identity;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private @Nullable Lsn processed;
  private boolean ended;
  private final ReentrantLock storing = new ReentrantLock();
  private boolean closed;

  /**
   * @param identity what the position belongs to, with the position to start from
   */
  Progress(OffsetStore store, Offset identity) {
    this.store = store;
    this.identity = identity;
    this.processed = identity.lsn();
  }

  /**
   * Another source goes on: where, and what positions belong to now, since the server may have been
   * promoted meanwhile. Without a position, a snapshot begins.
   */
  void continueFrom(Offset offset) {
    lock.lock();
    try {
      identity = offset;
      processed = offset.lsn();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Moves to a boundary; tells whether it lay ahead.
   *
   * @throws IOException if it could not be made durable; the position has not moved then
   */
  boolean moveTo(Lsn boundary) throws IOException {
    storing.lock();
    try {
      Lsn previous = processed();
      if (closed || (previous != null && boundary.compareTo(previous) <= 0)) {
        return false; // closed: a listener has returned too late, the store may be another's by now
      }
      save(boundary);
      moved(boundary);
      return true;
    } finally {
      storing.unlock();
    }
  }

  /**
   * Undoes the effects that were to commit with the next position, and goes back to the last one
   * that was stored, whatever is known of it here.
   *
   * @return where that is; null if the first snapshot was not finished
   * @throws IOException if it cannot be read
   */
  @Nullable Lsn rewind() throws IOException {
    storing.lock();
    try {
      Lsn stored = reload();
      lock.lock();
      try {
        processed = stored;
      } finally {
        lock.unlock();
      }
      return stored;
    } finally {
      storing.unlock();
    }
  }

  private @Nullable Lsn reload() throws IOException {
    if (!(store instanceof JdbcOffsetStore effects)) {
      throw new IllegalStateException(store + " holds no effects");
    }
    try {
      return effects.reload().map(Offset::lsn).orElse(null);
    } catch (IllegalStateException e) {
      throw new StoreLostException(e);
    }
  }

  private void moved(Lsn boundary) {
    lock.lock();
    try {
      processed = boundary;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void save(Lsn boundary) throws IOException {
    try {
      store.save(identity.at(boundary));
    } catch (IllegalStateException e) {
      throw new StoreLostException(e);
    }
  }

  @Nullable Lsn processed() {
    lock.lock();
    try {
      return processed;
    } finally {
      lock.unlock();
    }
  }

  boolean await(Lsn wanted, Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (processed == null || processed.compareTo(wanted) < 0) {
        if (ended || nanos <= 0) {
          return false;
        }
        nanos = moved.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Lets those go who wait for it to move, once the engine's last state is there to be seen. */
  void end() {
    lock.lock();
    try {
      ended = true;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets the store go; nothing moves any more. */
  void close() throws IOException {
    storing.lock();
    try {
      closed = true;
      store.close();
    } finally {
      storing.unlock();
    }
  }
}

package io.waltap.internal.engine;

import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The engine's state: who may follow whom, who is told, who waits. */
final class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private final String name;
  private final List<EngineListener> listeners;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock telling = new ReentrantLock();
  private EngineState state = EngineState.STARTING;
  private boolean ran;
  private EngineState settled = EngineState.STARTING;
  private Instant since = Instant.now();
  private @Nullable Throwable failure;

  Lifecycle(String name, List<EngineListener> listeners) {
    this.name = name;
    this.listeners = List.copyOf(listeners);
  }

  /**
   * Enters a state unless the present one rules it out; tells whether it did. Listeners are told
   * one state after the other, and those who wait see a state when all listeners know it.
   */
  boolean enter(EngineState next, @Nullable Throwable cause) {
    telling.lock();
    try {
      EngineState previous = state();
      if (!mayFollow(previous, next)) {
        return false;
      }
      change(next, cause);
      tell(previous, next, cause);
      settle(next);
      return true;
    } finally {
      telling.unlock();
    }
  }

  private static boolean mayFollow(EngineState previous, EngineState next) {
    return switch (previous) {
      case STOPPED, FAILED -> false;
      case STOPPING -> next.isFinal();
      case STREAMING -> next.compareTo(previous) > 0;
      case STARTING, SNAPSHOTTING, RECONNECTING -> next != previous && next != EngineState.STARTING;
    };
  }

  /** Whether the engine has come to read anything. */
  boolean hasRun() {
    lock.lock();
    try {
      return ran;
    } finally {
      lock.unlock();
    }
  }

  private void change(EngineState next, @Nullable Throwable cause) {
    lock.lock();
    try {
      ran |= next == EngineState.SNAPSHOTTING || next == EngineState.STREAMING;
      state = next;
      since = Instant.now();
      failure = cause;
    } finally {
      lock.unlock();
    }
  }

  private void settle(EngineState next) {
    lock.lock();
    try {
      settled = next;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void tell(EngineState from, EngineState to, @Nullable Throwable cause) {
    if (cause == null) {
      LOG.info("{}: {} -> {}", name, from, to);
    } else if (to == EngineState.RECONNECTING) {
      LOG.warn("{}: {} -> {}: {}", name, from, to, cause.getMessage());
    } else {
      // Without its trace, which whoever asks for the failure gets: one line that cannot be
      // overlooked.
      LOG.error("{}: {} -> {}: {}", name, from, to, cause.getMessage());
    }
    for (EngineListener listener : listeners) {
      try {
        listener.onState(from, to, cause);
      } catch (Throwable e) { // those who wait for the state have to see it all the same
        LOG.warn("an engine listener threw when told of {} -> {}", from, to, e);
      }
    }
  }

  /** Why the present state lasts, as far as is known by now; listeners are not told. */
  void explain(Throwable cause) {
    lock.lock();
    try {
      failure = cause;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this thread is telling a listener, so that it must not wait for what comes next. */
  boolean isTelling() {
    return telling.isHeldByCurrentThread();
  }

  EngineState state() {
    lock.lock();
    try {
      return state;
    } finally {
      lock.unlock();
    }
  }

  Instant since() {
    lock.lock();
    try {
      return since;
    } finally {
      lock.unlock();
    }
  }

  @Nullable Throwable failure() {
    lock.lock();
    try {
      return failure;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a state; tells whether it came in time. */
  boolean await(Predicate<EngineState> wanted, Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!wanted.test(settled)) {
        if (nanos <= 0) {
          return false;
        }
        nanos = changed.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Waits for a final state, however long it takes. */
  void awaitFinal() throws InterruptedException {
    await(EngineState::isFinal, Duration.ofNanos(TimeUnit.DAYS.toNanos(365 * 100)));
  }
}

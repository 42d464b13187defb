package io.waltap.internal.engine;

import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine's state: who may follow whom, who is told, who waits. It is there at once; listeners
 * are told by and by, of every state, in order. Only the end waits for them, and not for ever.
 */
final class Lifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(Lifecycle.class);

  private final String name;
  private final List<EngineListener> listeners;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Teller teller;
  private final CountDownLatch ended = new CountDownLatch(1);
  private EngineState state = EngineState.STARTING;
  private boolean ran;
  private Instant since = Instant.now();
  private @Nullable Throwable failure;

  Lifecycle(String name, List<EngineListener> listeners) {
    this.name = name;
    this.listeners = List.copyOf(listeners);
    this.teller = new Teller("waltap-" + name + "-states");
  }

  /**
   * Enters a state unless the present one rules it out. Returns at once.
   *
   * @return is complete when all listeners were told
   */
  CompletionStage<Void> enter(EngineState next, @Nullable Throwable cause) {
    EngineState previous;
    CompletableFuture<Void> told;
    lock.lock();
    try {
      previous = state;
      if (!mayFollow(previous, next)) {
        return CompletableFuture.completedFuture(null);
      }
      ran |= next == EngineState.SNAPSHOTTING || next == EngineState.STREAMING;
      state = next;
      since = Instant.now();
      failure = cause;
      told = tell(previous, next, cause); // here, so that they are told in the same order
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    log(previous, next, cause);
    return told;
  }

  /**
   * Lets those go who wait for the end, after listeners were told of the final state.
   *
   * @param patience how long to wait for listeners
   */
  void end(Duration patience) {
    teller.end();
    if (!teller.awaitEnd(patience)) {
      LOG.warn(
          "{}: a state listener did not return within {}; it keeps its thread, and the engine ends"
              + " without it",
          name,
          patience);
    }
    ended.countDown();
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

  private CompletableFuture<Void> tell(
      EngineState from, EngineState to, @Nullable Throwable cause) {
    List<CompletableFuture<Void>> told =
        listeners.stream()
            .map(listener -> teller.tell(() -> listener.onState(from, to, cause)))
            .map(CompletionStage::toCompletableFuture)
            .toList();
    return CompletableFuture.allOf(told.toArray(CompletableFuture[]::new));
  }

  private void log(EngineState from, EngineState to, @Nullable Throwable cause) {
    if (cause == null) {
      LOG.info("{}: {} -> {}", name, from, to);
    } else if (to == EngineState.RECONNECTING) {
      LOG.warn("{}: {} -> {}: {}", name, from, to, cause.getMessage());
    } else {
      // Without its trace, which whoever asks for the failure gets: one line that cannot be
      // overlooked.
      LOG.error("{}: {} -> {}: {}", name, from, to, cause.getMessage());
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
    return teller.isTelling();
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
      while (!wanted.test(state)) {
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

  /** Waits until the engine has ended and listeners were told, however long it takes. */
  void awaitEnd() throws InterruptedException {
    ended.await();
  }
}

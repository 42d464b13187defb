package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.internal.connection.Transience;
import io.waltap.internal.dispatch.AbandonedException;
import io.waltap.internal.dispatch.DeliveryException;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.listener.EngineState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One source from its start to its end: delivers what it brings and keeps the position. Once closed
 * it lets nothing in, so that never two sources deliver at a time.
 *
 * <p><b>Order of acknowledgement.</b> A batch is delivered; the last boundary in it is made
 * durable; only then is the source told, and the source tells the server. A crash anywhere in
 * between leads to redelivery, never to loss.
 */
final class Run implements ChangeSource.Receiver {

  /** Who is told what becomes of a run; any thread, returns at once. */
  interface Owner {

    /** Is complete when no further transaction shall be begun. */
    CompletableFuture<?> stopping();

    /** A heartbeat came to its end; all that lay before it is processed. */
    void beaten(long number);

    /**
     * The run is over.
     *
     * @param curable whether another source may do better
     */
    void ended(Run run, Throwable failure, boolean curable);

    /** The run was closed, and the listener that was at work has returned. */
    void idle(Run run);
  }

  private static final Duration FOR_EVER = Duration.ofDays(10_000);

  private final ChangeSource source;
  private final Dispatcher dispatcher;
  private final Progress progress;
  private final Lifecycle lifecycle;
  private final Owner owner;

  private final long begun = System.nanoTime();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition delivered = lock.newCondition();
  private @Nullable Thread deliverer;
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private volatile CompletableFuture<?> told = CompletableFuture.completedFuture(null);
  private boolean over;
  private volatile boolean streaming;

  Run(
      ChangeSource source,
      Dispatcher dispatcher,
      Progress progress,
      Lifecycle lifecycle,
      Owner owner) {
    this.source = source;
    this.dispatcher = dispatcher;
    this.progress = progress;
    this.lifecycle = lifecycle;
    this.owner = owner;
  }

  ChangeSource source() {
    return source;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - begun);
  }

  /** Whether the stream is open and its beginning was delivered. */
  boolean streaming() {
    return streaming;
  }

  @Override
  public void snapshotting() {
    enter(EngineState.SNAPSHOTTING);
  }

  @Override
  public void deliver(List<SourceEvent> events) {
    if (!enter()) {
      return;
    }
    try {
      dispatch(events);
      acknowledge();
    } catch (AbandonedException e) {
      close();
    } catch (DeliveryException e) {
      acknowledgeBefore(e);
      fail(e, isEffectLost(e));
    } catch (IOException e) {
      fail(e, Transience.of(e));
    } catch (RuntimeException | Error e) {
      fail(e, false);
    } finally {
      leave();
    }
  }

  // Under the lock, so that nobody who has seen the state delivers before it is known who is told.
  private void enter(EngineState state) {
    lock.lock();
    try {
      if (!isClosed()) {
        told = lifecycle.enter(state, null).toCompletableFuture();
      }
    } finally {
      lock.unlock();
    }
  }

  private void dispatch(List<SourceEvent> events)
      throws DeliveryException, AbandonedException, IOException {
    try {
      int last = lastBoundary(events);
      for (int i = 0; i < events.size() && goesOn(); i++) {
        dispatch(events.get(i));
        if (i == last) {
          acknowledge();
        }
      }
    } finally {
      dispatcher.flush();
    }
  }

  // Effects commit with the position, so that what follows the last boundary must not have begun.
  private static int lastBoundary(List<SourceEvent> events) {
    int i = events.size() - 1;
    while (i >= 0 && !(events.get(i) instanceof SourceEvent.Commit)) {
      i--;
    }
    return i;
  }

  private boolean goesOn() {
    awaitTold();
    if (!isClosed() && owner.stopping().isDone() && dispatcher.atBoundary()) {
      close();
    }
    return !isClosed();
  }

  private void dispatch(SourceEvent event) throws DeliveryException, AbandonedException {
    dispatcher.dispatch(event);
    if (event instanceof SourceEvent.StreamStart) {
      streaming = true;
      enter(EngineState.STREAMING);
    } else if (event instanceof SourceEvent.Heartbeat beat) {
      dispatcher.whenDone(() -> owner.beaten(beat.number()));
    }
  }

  // What a change means may hang on the state in which it comes. A listener that hangs holds up
  // changes by that, as any of theirs may, but no stop.
  private void awaitTold() {
    if (!told.isDone()) {
      CompletableFuture<?> stop = dispatcher.atBoundary() ? owner.stopping() : closed;
      CompletableFuture.anyOf(told, closed, stop).join();
    }
  }

  /** Makes durable how far all is done, and lets the server know. Any thread. */
  void acknowledge() throws IOException {
    if (!dispatcher.isTransactional()) {
      store();
      return;
    }
    try {
      dispatcher.inTurn(this::storeWithEffects);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then it stays as it is, and is done again
    }
  }

  // Of the transaction at hand nothing may be kept without the rest, nor without what workers and
  // batches are still at or were not handed yet.
  private boolean storeWithEffects() throws IOException, InterruptedException {
    if (!dispatcher.atBoundary() || !dispatcher.drain(FOR_EVER)) {
      return false;
    }
    store();
    return true;
  }

  private void store() throws IOException {
    Lsn boundary = dispatcher.boundary();
    if (boundary != null && progress.moveTo(boundary)) {
      confirm();
    }
  }

  // One after the other, so that the server is never told of an earlier position.
  private synchronized void confirm() {
    Lsn processed = progress.processed();
    if (processed != null) {
      source.confirm(processed);
    }
  }

  // The listener may have been the first to notice that its connection is gone.
  private boolean isEffectLost(DeliveryException failure) {
    return failure.isEffectLost() && Transience.of(failure.getCause());
  }

  // What was accepted before the failure need not come again.
  private void acknowledgeBefore(DeliveryException failure) {
    try {
      if (!dispatcher.isTransactional()) { // whose effects are undone as a whole
        acknowledge();
      }
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  /** The same, for whoever does not deliver: what goes wrong ends the run. */
  void acknowledgeAside() {
    try {
      if (!dispatcher.isTransactional()) { // else whoever dispatches does it, at the right moment
        acknowledge();
      }
    } catch (IOException e) {
      fail(e, Transience.of(e));
    } catch (RuntimeException e) {
      fail(e, false);
    }
  }

  private void fail(Throwable failure, boolean curable) {
    close(); // at once: nothing may be delivered past what failed
    owner.ended(this, failure, curable);
  }

  @Override
  public void ended(@Nullable Throwable failure) {
    over();
    owner.ended(
        this,
        failure != null ? failure : new IllegalStateException("the source ended by itself"),
        true);
  }

  /** Nothing more can come; what is being delivered goes on. */
  private void over() {
    lock.lock();
    try {
      over = true;
      delivered.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets nothing more in; a listener that is at work goes on. */
  void close() {
    lock.lock();
    try {
      closed.complete(null);
      delivered.signalAll();
    } finally {
      lock.unlock();
    }
    source.quiesce();
  }

  private boolean isClosed() {
    return closed.isDone();
  }

  /** Whether no listener is at work. */
  boolean isIdle() {
    lock.lock();
    try {
      return deliverer == null;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the calling thread is the one that delivers. */
  boolean isDelivering() {
    lock.lock();
    try {
      return Thread.currentThread() == deliverer;
    } finally {
      lock.unlock();
    }
  }

  private boolean enter() {
    lock.lock();
    try {
      if (isClosed()) {
        return false;
      }
      deliverer = Thread.currentThread();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      deliverer = null;
      delivered.signalAll();
    } finally {
      lock.unlock();
    }
    if (isClosed()) {
      owner.idle(this);
    }
  }

  /**
   * Waits until nothing is being delivered and no transaction is half delivered, and workers and
   * batches have come to rest, then closes.
   *
   * @return whether that was so in time
   */
  boolean finish(Duration timeout) {
    long nanos = timeout.toNanos();
    lock.lock();
    try {
      while (!isClosed() && !over && (deliverer != null || !dispatcher.atBoundary()) && nanos > 0) {
        nanos = delivered.awaitNanos(nanos);
      }
      while (deliverer != null && nanos > 0) {
        nanos = delivered.awaitNanos(nanos);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
      close();
    }
    return rest(Duration.ofNanos(Math.max(0, nanos))) && isIdle();
  }

  private boolean rest(Duration timeout) {
    try {
      return dispatcher.flow().awaitStill(timeout);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}

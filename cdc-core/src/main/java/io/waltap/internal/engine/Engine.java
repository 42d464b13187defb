package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.internal.dispatch.DeliveryException;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one source to its end: delivers what it brings, keeps the position, and stops it.
 *
 * <p><b>Order of acknowledgement.</b> A batch is delivered; the last boundary in it is made
 * durable; only then is the source told, and the source tells the server. A crash anywhere in
 * between leads to redelivery, never to loss.
 *
 * <p><b>Stopping</b> has two phases, on a thread of its own, so that it can be asked for anywhere,
 * in a listener too. First the delivery in progress runs on to the end of its transaction, within a
 * deadline, so that a clean stop repeats nothing. Then the source is closed, whatever its threads
 * do: a listener that hangs cannot keep the slot.
 */
public final class Engine implements ChangeSource.Receiver {

  private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

  private final String name;
  private final ChangeSource source;
  private final Dispatcher dispatcher;
  private final Progress progress;
  private final Lifecycle lifecycle;
  private final Duration stopTimeout;

  private final AtomicBoolean stopping = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition delivered = lock.newCondition();
  private @Nullable Thread deliverer;
  private boolean closed;
  private volatile @Nullable Thread stopper;

  /**
   * @param start what the position belongs to, and where to start
   */
  public Engine(
      String name,
      ChangeSource source,
      Dispatcher dispatcher,
      OffsetStore store,
      Offset start,
      List<EngineListener> listeners,
      Duration stopTimeout) {
    this.name = name;
    this.source = source;
    this.dispatcher = dispatcher;
    this.progress = new Progress(store, start);
    this.lifecycle = new Lifecycle(name, listeners);
    this.stopTimeout = stopTimeout;
  }

  /**
   * Starts, and waits until rows are being read or the stream is open.
   *
   * @return whether it runs; if not, {@link #failure} says why, or it takes longer than {@code
   *     timeout}
   */
  public boolean start(Duration timeout) throws InterruptedException {
    source.start(this);
    return lifecycle.await(state -> state != EngineState.STARTING, timeout)
        && lifecycle.state() != EngineState.FAILED;
  }

  @Override
  public void snapshotting() {
    lifecycle.enter(EngineState.SNAPSHOTTING, null);
  }

  @Override
  public void deliver(List<SourceEvent> events) {
    if (!enterDelivery()) {
      return;
    }
    try {
      deliverUntilStopped(events);
      acknowledge();
    } catch (DeliveryException e) {
      acknowledgeBefore(e);
      stop(e);
    } catch (IOException | RuntimeException e) {
      stop(e);
    } finally {
      leaveDelivery();
    }
  }

  private void deliverUntilStopped(List<SourceEvent> events) throws DeliveryException {
    for (SourceEvent event : events) {
      if (stopping.get() && dispatcher.atBoundary()) {
        closeDelivery();
        return;
      }
      dispatcher.dispatch(event);
      if (event instanceof SourceEvent.StreamStart) {
        lifecycle.enter(EngineState.STREAMING, null);
      }
    }
  }

  private void acknowledge() throws IOException {
    Lsn boundary = dispatcher.boundary();
    if (boundary != null && progress.moveTo(boundary)) {
      source.confirm(boundary);
    }
  }

  // What was accepted before the failure need not come again.
  private void acknowledgeBefore(DeliveryException failure) {
    try {
      acknowledge();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  @Override
  public void ended(@Nullable Throwable failure) {
    stop(failure != null ? failure : new IllegalStateException("the source ended by itself"));
  }

  /** Stops, and waits for it unless called by a listener. Any thread, any number of times. */
  public void close() {
    stop(null);
    if (!calledFromWithin()) {
      awaitEnd();
    }
  }

  private void awaitEnd() {
    try {
      lifecycle.awaitFinal();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean calledFromWithin() {
    lock.lock();
    try {
      Thread current = Thread.currentThread();
      return current == deliverer || current == stopper || lifecycle.isTelling();
    } finally {
      lock.unlock();
    }
  }

  private void stop(@Nullable Throwable failure) {
    if (failure != null) {
      closeDelivery(); // at once: nothing may be delivered past what failed
    }
    if (stopping.compareAndSet(false, true)) {
      Thread thread = new Thread(() -> shutDown(failure), "waltap-" + name + "-stop");
      thread.setDaemon(true);
      stopper = thread;
      thread.start();
    } else if (failure != null && lifecycle.state() != EngineState.FAILED) {
      LOG.debug("while stopping", failure);
    }
  }

  private void shutDown(@Nullable Throwable failure) {
    if (failure == null) {
      lifecycle.enter(EngineState.STOPPING, null);
    }
    if (!awaitDelivery()) {
      LOG.warn(
          "a listener did not return within {}; its connections are closed now, and its change will be"
              + " delivered again",
          stopTimeout);
    }
    if (!source.stop(stopTimeout)) {
      LOG.warn("threads of the source did not end within {}", stopTimeout);
    }
    try {
      progress.end();
    } catch (IOException e) {
      LOG.warn("the offset store did not close", e);
    }
    lifecycle.enter(failure == null ? EngineState.STOPPED : EngineState.FAILED, failure);
  }

  private boolean enterDelivery() {
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      deliverer = Thread.currentThread();
      return true;
    } finally {
      lock.unlock();
    }
  }

  private void leaveDelivery() {
    lock.lock();
    try {
      deliverer = null;
      delivered.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void closeDelivery() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
    source.quiesce();
  }

  /**
   * Waits until nothing is being delivered and no transaction is half delivered, then lets nothing
   * in.
   */
  private boolean awaitDelivery() {
    long nanos = stopTimeout.toNanos();
    lock.lock();
    try {
      while (!closed && (deliverer != null || !dispatcher.atBoundary()) && nanos > 0) {
        nanos = delivered.awaitNanos(nanos);
      }
      while (deliverer != null && nanos > 0) {
        nanos = delivered.awaitNanos(nanos);
      }
      return deliverer == null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
      closeDelivery();
    }
  }

  public EngineState state() {
    return lifecycle.state();
  }

  public Instant since() {
    return lifecycle.since();
  }

  public @Nullable Throwable failure() {
    return lifecycle.failure();
  }

  public @Nullable Lsn received() {
    return source.received();
  }

  public @Nullable Lsn processed() {
    return progress.processed();
  }

  public long delivered() {
    return dispatcher.delivered();
  }

  /** Waits until the stream is open; false if the time is over or the engine has ended. */
  public boolean awaitStreaming(Duration timeout) throws InterruptedException {
    lifecycle.await(state -> state.compareTo(EngineState.STREAMING) >= 0, timeout);
    return lifecycle.state() == EngineState.STREAMING;
  }

  /** Waits for a final state. */
  public void awaitStopped() throws InterruptedException {
    lifecycle.awaitFinal();
  }

  /**
   * Waits until every change committed before {@code lsn} was accepted; false if that did not
   * happen.
   */
  public boolean awaitProcessed(Lsn lsn, Duration timeout) throws InterruptedException {
    return progress.await(lsn, timeout);
  }
}

package io.waltap.internal.engine;

import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.Flow;
import io.waltap.internal.dispatch.Replayer;
import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import io.waltap.listener.SlotListener;
import io.waltap.offset.OffsetStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One engine: its states and its progress, for whoever asks. A {@link Supervisor} keeps it running
 * and ends it, one {@link Run} after the other, under the eyes of a {@link Watchdog}.
 */
public final class Engine {

  /**
   * What an engine is made of.
   *
   * @param first where the changes come from, until it fails
   * @param walBudget how many bytes of log the slot should hold up at most; null for the server's
   *     limit
   */
  public record Wiring(
      String name,
      Sources.Opened first,
      Sources sources,
      Dispatcher dispatcher,
      OffsetStore store,
      List<EngineListener> listeners,
      Duration stopTimeout,
      Pulse pulse,
      Duration heartbeatInterval,
      @Nullable Long walBudget,
      List<SlotListener> slotListeners) {}

  private final Dispatcher dispatcher;
  private final Progress progress;
  private final Lifecycle lifecycle;
  private final Supervisor supervisor;

  public Engine(Wiring wiring) {
    this.dispatcher = wiring.dispatcher();
    this.progress = new Progress(wiring.store(), wiring.first().offset());
    this.lifecycle = new Lifecycle(wiring.name(), wiring.listeners());
    this.supervisor = new Supervisor(wiring, progress, lifecycle);
  }

  /**
   * Starts, and waits until rows are being read or the stream is open. What fails before is not
   * tried again; what fails afterwards is told by {@link #awaitStopped}.
   *
   * @return whether it runs; if not, {@link #failure} says why, or it takes longer than {@code
   *     timeout}
   */
  public boolean start(Duration timeout) throws InterruptedException {
    supervisor.start();
    return lifecycle.await(state -> state != EngineState.STARTING, timeout) && lifecycle.hasRun();
  }

  /** Stops, and waits for it unless called by a listener. Any thread, any number of times. */
  public void close() {
    supervisor.stop();
    if (!supervisor.isCalledFromWithin() && !lifecycle.isTelling()) {
      try {
        lifecycle.awaitEnd();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  public EngineState state() {
    return lifecycle.state();
  }

  public Instant since() {
    return lifecycle.since();
  }

  /** Why the engine reconnects or has failed; null in other states. */
  public @Nullable Throwable failure() {
    return lifecycle.failure();
  }

  public @Nullable Lsn received() {
    return supervisor.run().source().received();
  }

  public @Nullable Lsn processed() {
    return progress.processed();
  }

  /** What goes on beside the thread that reads; may be paused. */
  public Flow flow() {
    return dispatcher.flow();
  }

  /** Whether reading waits for listeners. */
  public boolean isFull() {
    return supervisor.run().source().life().full();
  }

  /** What was read and not yet taken by anybody. */
  public ChangeSource.Queue queued() {
    return supervisor.run().source().queued();
  }

  /** How often the stream was opened anew. */
  public long reconnects() {
    return supervisor.reconnects();
  }

  /** The slot at the last look; null before it. */
  public @Nullable SlotStatus slot() {
    return supervisor.watchdog().slot();
  }

  /** Whose transaction the server waits for before it creates the slot; null for nobody's. */
  public @Nullable String waiting() {
    return state() == EngineState.RECONNECTING ? supervisor.watchdog().waiting() : null;
  }

  /** How long a heartbeat takes behind all changes before it; null before the first. */
  public @Nullable Duration lag() {
    return supervisor.watchdog().lag();
  }

  /**
   * Takes a dead letter back to its listener, and before it those that it waits behind.
   *
   * @return whether it was accepted, or was there no more
   */
  public boolean replay(DeadLetter letter) throws IOException, InterruptedException {
    return replayer().replay(letter, this::prepareReplay);
  }

  /** Takes all dead letters back; tells how many were accepted. */
  public int replayAll() throws IOException, InterruptedException {
    return replayer().replayAll(this::prepareReplay);
  }

  private Replayer replayer() {
    Replayer replayer = dispatcher.replayer();
    if (replayer == null) {
      throw new IllegalStateException("the engine has no deadLetters(...)");
    }
    return replayer;
  }

  // What is not committed may hold locks that the replay needs.
  private void prepareReplay() throws IOException {
    if (dispatcher.isTransactional()) {
      if (dispatcher.boundary() == null) {
        throw new IllegalStateException("the snapshot is not finished");
      }
      supervisor.run().acknowledge();
    }
  }

  /** Waits until the stream is open; false if the time is over or the engine has ended. */
  public boolean awaitStreaming(Duration timeout) throws InterruptedException {
    lifecycle.await(
        state -> state == EngineState.STREAMING || state == EngineState.STOPPING || state.isFinal(),
        timeout);
    return lifecycle.state() == EngineState.STREAMING;
  }

  /** Waits for a final state. */
  public void awaitStopped() throws InterruptedException {
    lifecycle.awaitEnd();
  }

  /**
   * Waits until every change committed before {@code lsn} was accepted; false if that did not
   * happen.
   */
  public boolean awaitProcessed(Lsn lsn, Duration timeout) throws InterruptedException {
    return progress.await(lsn, timeout);
  }
}

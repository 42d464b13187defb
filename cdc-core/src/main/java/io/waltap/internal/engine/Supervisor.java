package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.internal.connection.Transience;
import io.waltap.internal.dispatch.DeliveryException;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.listener.EngineState;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the engine running, and ends it. A thread of its own, which is only ever told things: that
 * a source has ended, that a listener refused, that a stop is wanted. So all of that can come from
 * any thread, a listener's too.
 *
 * <p><b>After a failure</b> the source is closed, and another one begins where listeners have come
 * to; what was delivered of an unfinished transaction is not delivered again. Whether that makes
 * sense is for {@link Sources} to say, which asks the server first. What a listener refused is
 * never tried again behind its back.
 *
 * <p><b>Stopping</b> has two phases. First the delivery in progress runs on to the end of its
 * transaction, within a deadline, so that a clean stop repeats nothing. Then the source is closed,
 * whatever its threads do: a listener that hangs cannot keep the slot.
 */
final class Supervisor implements Run.Owner {

  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

  /** How long threads of a lost source may take to end before its connections are closed. */
  private static final Duration ABANDON = Duration.ofSeconds(2);

  /** How long opening a stream on a slot that exists may take; longer with each try. */
  private static final Duration OPEN_LIMIT = Duration.ofSeconds(10);

  private sealed interface Notice {
    record Stop() implements Notice {}

    record Idle() implements Notice {}

    record Ended(Run run, Throwable failure, boolean curable) implements Notice {}
  }

  private final Engine.Wiring wiring;
  private final Dispatcher dispatcher;
  private final Progress progress;
  private final Lifecycle lifecycle;
  private final Watchdog watchdog;
  private final BlockingQueue<Notice> notices = new LinkedBlockingQueue<>();
  private final Backoff backoff = new Backoff();
  private final Thread thread;
  private final CompletableFuture<Void> stop = new CompletableFuture<>();
  private final Teller acknowledger;
  private final AtomicBoolean progressed = new AtomicBoolean();
  private volatile Run run;
  private volatile @Nullable Throwable refusal;
  private volatile long reconnects;
  private int tries;

  Supervisor(Engine.Wiring wiring, Progress progress, Lifecycle lifecycle) {
    this.wiring = wiring;
    this.dispatcher = wiring.dispatcher();
    this.progress = progress;
    this.lifecycle = lifecycle;
    this.watchdog = new Watchdog(wiring, lifecycle, progress, this);
    this.acknowledger = new Teller("waltap-" + wiring.name() + "-position");
    this.run = run(wiring.first().source());
    dispatcher.attend(new Crew());
    this.thread = new Thread(this::supervise, "waltap-" + wiring.name() + "-supervisor");
    thread.setDaemon(true);
  }

  /** What workers and batches tell. */
  private final class Crew implements Dispatcher.Owner {

    @Override
    public void refused(DeliveryException failure) {
      Run failed = run;
      failed.close();
      ended(failed, failure, false);
    }

    // Once for all that is done by the time.
    @Override
    public void progressed() {
      if (!progressed.getAndSet(true)) {
        acknowledger.tell(
            () -> {
              progressed.set(false);
              run.acknowledgeAside();
            });
      }
    }
  }

  private Run run(ChangeSource source) {
    return new Run(source, dispatcher, progress, lifecycle, this);
  }

  void start() {
    thread.start();
    watchdog.start();
  }

  void stop() {
    stop.complete(null);
    dispatcher.flow().stopping();
    notices.add(new Notice.Stop());
  }

  /** The present run, or the last one. */
  Run run() {
    return run;
  }

  long reconnects() {
    return reconnects;
  }

  Watchdog watchdog() {
    return watchdog;
  }

  /** Whether the calling thread must not wait for what this one does. */
  boolean isCalledFromWithin() {
    return Thread.currentThread() == thread
        || run.isDelivering()
        || dispatcher.flow().isCalledFromWithin();
  }

  @Override
  public CompletableFuture<?> stopping() {
    return stop;
  }

  private boolean isStopping() {
    return stop.isDone();
  }

  @Override
  public void beaten(long number) {
    watchdog.beaten(number);
  }

  @Override
  public void ended(Run ended, Throwable failure, boolean curable) {
    if (!curable) {
      refusal = failure; // stays, whatever this thread is busy with
    }
    notices.add(new Notice.Ended(ended, failure, curable));
  }

  @Override
  public void idle(Run idle) {
    notices.add(new Notice.Idle());
  }

  private void supervise() {
    Throwable failure = null;
    try {
      failure = keepRunning();
    } catch (UnavailableException e) {
      failure = e.getCause(); // for too long
    } catch (InterruptedException e) {
      LOG.warn("{}: its supervisor was interrupted, so it stops", wiring.name());
    } catch (Throwable e) { // whatever it is, the engine must not seem to be alive
      failure = e;
    }
    shutDown(failure);
  }

  /**
   * Runs one source after the other.
   *
   * @return why there is no further one; null if a stop was asked for
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread, read by many
  private @Nullable Throwable keepRunning() throws Exception {
    run.source().start(run);
    while (true) {
      Notice.Ended end = awaitEnd();
      if (end == null) {
        return null;
      }
      boolean neverRan = lifecycle.state() == EngineState.STARTING;
      if (neverRan || !end.curable()) {
        return end.failure();
      }
      run.close(); // first: it enters states of its own until then
      lifecycle.enter(EngineState.RECONNECTING, end.failure());
      Sources.Opened next = replace(end);
      if (next == null) {
        return refusal;
      }
      reconnects++;
      if (next.offset().snapshotUnfinished()) {
        dispatcher.startOver(null);
      } else if (!dispatcher.isTransactional()) { // else it has started over
        dispatcher.resume();
      }
      progress.continueFrom(next.offset());
      run = run(next.source());
      run.source().start(run);
    }
  }

  private Notice.@Nullable Ended awaitEnd() throws InterruptedException {
    while (!isStopping()) {
      Notice notice = isOpening() ? awaitOpening() : notices.take();
      if (notice instanceof Notice.Ended end && end.run() == run) {
        return end;
      }
    }
    return null;
  }

  private boolean isOpening() {
    return lifecycle.state() == EngineState.RECONNECTING
        && !run.streaming()
        && dispatcher.boundary() != null;
  }

  private @Nullable Notice awaitOpening() throws InterruptedException {
    Duration limit = OPEN_LIMIT.multipliedBy(tries);
    Notice notice = notices.poll(50, TimeUnit.MILLISECONDS);
    if (notice == null && isOpening() && run.age().compareTo(limit) > 0) {
      return new Notice.Ended(
          run, new StalledException("no stream was opened within " + limit), true);
    }
    return notice;
  }

  /**
   * Opens another source once the closed run is idle; null if a stop was asked for meanwhile, or a
   * listener refused what it was at.
   */
  private Sources.@Nullable Opened replace(Notice.Ended end) throws Exception {
    if (run.streaming() && run.age().compareTo(Backoff.LONGEST) > 0) {
      backoff.reset();
      tries = 0;
    }
    Set<Integer> backends = run.source().backends();
    if (!awaitListener()) { // first: stopping the source interrupts its threads
      return null;
    }
    run.source().stop(ABANDON);
    Patience patience = new Patience();
    while (pause(backoff.next())) {
      tries++;
      try {
        return reopen(end.failure(), backends);
      } catch (UnavailableException e) {
        if (patience.isOver(e.patience())) {
          throw e;
        }
        later(e.getCause());
      } catch (IOException e) {
        if (!Transience.of(e)) {
          throw e;
        }
        later(e);
      }
    }
    return null;
  }

  private void later(Throwable reason) {
    LOG.debug("{}: try {} to reconnect", wiring.name(), tries, reason);
    lifecycle.explain(reason);
  }

  // A position that could not be stored comes first: nothing is delivered on top of it.
  private Sources.Opened reopen(Throwable failure, Set<Integer> backends) throws Exception {
    Lsn boundary = dispatcher.boundary();
    if (dispatcher.isTransactional()) {
      boundary = dispatcher.inTurn(this::rewind);
    } else if (boundary != null) {
      progress.moveTo(boundary);
    }
    return wiring.sources().reopen(failure, boundary, backends);
  }

  // In one turn: nobody may store what lies ahead of effects that are undone.
  private @Nullable Lsn rewind() throws IOException {
    Lsn stored = progress.rewind();
    dispatcher.startOver(stored);
    return stored;
  }

  /** However long it takes: its change is neither done nor refused. */
  private boolean awaitListener() throws InterruptedException {
    while (refusal == null && !(run.isIdle() && dispatcher.flow().isDone())) {
      dispatcher.flow().urge(); // again: the delivery in progress may hand over more
      notices.poll(50, TimeUnit.MILLISECONDS); // workers tell nobody when they are done
      if (isStopping()) {
        return false;
      }
    }
    return !isStopping() && refusal == null;
  }

  private boolean pause(Duration duration) throws InterruptedException {
    long end = System.nanoTime() + duration.toNanos();
    while (!isStopping()) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        return true;
      }
      notices.poll(left, TimeUnit.NANOSECONDS);
    }
    return false;
  }

  private void shutDown(@Nullable Throwable failure) {
    if (failure == null) {
      lifecycle.enter(EngineState.STOPPING, null);
    } else {
      run.close();
    }
    Duration timeout = wiring.stopTimeout();
    if (!run.finish(timeout)) {
      LOG.warn(
          "a listener did not return within {}; its connections are closed now, and its change will"
              + " be delivered again",
          timeout);
    }
    dispatcher.flow().shut();
    Throwable words = lastWords();
    Throwable cause = failure != null ? failure : words;
    if (!run.source().stop(timeout)) {
      LOG.warn("threads of the source did not end within {}", timeout);
    }
    watchdog.stop();
    acknowledger.end();
    try {
      progress.close();
    } catch (Exception e) { // a store of somebody else's may throw anything
      LOG.warn("the offset store did not close", e);
    } finally {
      lifecycle.enter(cause == null ? EngineState.STOPPED : EngineState.FAILED, cause);
      progress.end();
      lifecycle.end(timeout);
    }
  }

  /**
   * What came last of a stop: a listener may have refused, and the position of what was accepted
   * may not have been stored at the first try.
   */
  private @Nullable Throwable lastWords() {
    Lsn boundary = dispatcher.boundary();
    if (boundary != null && !dispatcher.isTransactional()) {
      try {
        progress.moveTo(boundary);
      } catch (IOException | RuntimeException e) {
        return refusal != null ? refusal : e;
      }
    }
    return refusal;
  }
}

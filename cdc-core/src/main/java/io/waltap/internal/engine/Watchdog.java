package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.internal.engine.ChangeSource.Life;
import io.waltap.listener.EngineState;
import io.waltap.listener.SlotListener;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a heartbeat through the server at each interval and sees whether it comes round, whatever
 * threads and connections claim of themselves. A stream through which nothing came for {@value
 * #PATIENCE} intervals is given up. Intervals are counted, not time, so that a process that was
 * suspended does not blame the server.
 *
 * <p>The slot is looked at in every state: the server's log piles up behind it most of all while no
 * stream is open. A look that fails is nobody's failure.
 *
 * <p>Not a failure: listeners that take their time, so that nothing more is read; and a server that
 * has much to send before it comes to the heartbeat.
 */
final class Watchdog {

  private static final Logger LOG = LoggerFactory.getLogger(Watchdog.class);

  static final int PATIENCE = 3;

  /** For listeners that are hours behind. The oldest one is what the lag is taken from. */
  private static final int MOST_UNPROCESSED = 1000;

  private record Beat(long number, @Nullable Lsn at, long sentNanos) {}

  private final String name;
  private final Pulse pulse;
  private final Duration interval;
  private final Lifecycle lifecycle;
  private final Progress progress;
  private final Supervisor supervisor;
  private final Teller teller;
  private final WalBudget budget;
  private final Thread thread;
  private final CountDownLatch stopped = new CountDownLatch(1);

  private final Deque<Beat> unprocessed = new ArrayDeque<>(); // guarded by itself
  private volatile @Nullable Duration lag;
  private volatile @Nullable SlotStatus slot;
  private volatile @Nullable String waiting;

  // Later than all that earlier processes sent for this slot, which may be still to come.
  private long number = Math.multiplyExact(System.currentTimeMillis(), 1000L);
  private @Nullable Run watched;
  private @Nullable Beat oldestUnread;
  private long heard;
  private int missed;
  private int stalls;
  private @Nullable Lsn stalledAt;

  Watchdog(Engine.Wiring wiring, Lifecycle lifecycle, Progress progress, Supervisor supervisor) {
    this.progress = progress;
    this.name = wiring.name();
    this.pulse = wiring.pulse();
    this.interval = wiring.heartbeatInterval();
    this.lifecycle = lifecycle;
    this.supervisor = supervisor;
    this.teller = new Teller("waltap-" + wiring.name() + "-slot");
    this.budget =
        new WalBudget(
            wiring.walBudget(), wiring.slotListeners().stream().map(this::aside).toList());
    this.thread = new Thread(this::watch, "waltap-" + wiring.name() + "-heartbeat");
    thread.setDaemon(true);
  }

  // Heartbeats go on whatever a listener does.
  private SlotListener aside(SlotListener listener) {
    return (slot, percent) -> teller.tell(() -> listener.onRetainedWal(slot, percent));
  }

  void start() {
    thread.start();
  }

  void stop() {
    stopped.countDown();
    teller.end();
    pulse.close();
  }

  /** The slot as it was at the last look; null before the first. */
  @Nullable SlotStatus slot() {
    return slot;
  }

  /** What keeps the server from creating the slot, as of the last look; null for nothing. */
  @Nullable String waiting() {
    return waiting;
  }

  /**
   * How long the last heartbeat took from the server's log to its turn behind all changes before
   * it; of one that is on its way, how long it has been so. Null before the first.
   */
  @Nullable Duration lag() {
    synchronized (unprocessed) {
      Beat oldest = unprocessed.peek();
      Duration last = lag;
      if (oldest == null) {
        return last;
      }
      Duration waiting = Duration.ofNanos(System.nanoTime() - oldest.sentNanos());
      return last == null || waiting.compareTo(last) > 0 ? waiting : last;
    }
  }

  /** A heartbeat had its turn; all that lay before it is processed. Any thread. */
  void beaten(long beaten) {
    synchronized (unprocessed) {
      while (!unprocessed.isEmpty() && unprocessed.peek().number() <= beaten) {
        lag = Duration.ofNanos(System.nanoTime() - unprocessed.remove().sentNanos());
      }
    }
  }

  private void watch() {
    try {
      do {
        if (isStreaming()) {
          round(supervisor.run());
        } else {
          look(supervisor.run());
        }
      } while (!isStopped());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isStreaming() {
    return lifecycle.state() == EngineState.STREAMING;
  }

  /** Waits for an interval; a stream that opens meanwhile gets its first heartbeat at once. */
  private boolean isStopped() throws InterruptedException {
    if (!isStreaming()) {
      boolean awaited =
          lifecycle.await(state -> state == EngineState.STREAMING || state.isFinal(), interval);
      if (!awaited || isStreaming()) {
        return stopped.getCount() == 0;
      }
    }
    return stopped.await(interval.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void look(Run run) {
    try {
      Pulse.Look look = pulse.look(run.source().backend());
      see(look.slot());
      waitsFor(look.waiting());
    } catch (SQLException | RuntimeException | OutOfMemoryError e) { // as with heartbeats
      waiting = null;
      LOG.debug("the slot could not be looked at", e);
    }
  }

  private void see(SlotStatus seen) {
    slot = seen;
    budget.look(seen);
  }

  private void waitsFor(@Nullable String transaction) {
    if (transaction != null && !transaction.equals(waiting)) {
      LOG.warn("{}: {}", name, transaction);
    }
    waiting = transaction;
  }

  private void round(Run run) {
    waiting = null;
    if (run != watched) {
      watch(run);
    }
    Life life = run.source().life();
    if (isAlive(run, life)) {
      missed = 0;
    } else if (++missed >= PATIENCE * (1 + stalls)) {
      giveUp(run);
      return;
    }
    heard = life.heard();
    beat();
  }

  private void watch(Run run) {
    if (!Objects.equals(progress.processed(), stalledAt)) {
      stalls = 0;
    }
    watched = run;
    oldestUnread = null;
    missed = 0;
    synchronized (unprocessed) {
      unprocessed.clear(); // some may lie before the position to which the new stream returned
    }
  }

  private boolean isAlive(Run run, Life life) {
    Beat awaited = oldestUnread;
    if (awaited == null || life.full()) {
      return true;
    }
    if (life.heartbeat() >= awaited.number()) {
      oldestUnread = null;
      return true;
    }
    return life.heard() > heard && !isPast(run.source().received(), awaited.at());
  }

  // The server has sent a position that lies behind the heartbeat, but not the heartbeat.
  private static boolean isPast(@Nullable Lsn received, @Nullable Lsn beat) {
    return received != null && beat != null && received.compareTo(beat) > 0;
  }

  // A server that decodes much before it sends anything looks the same, and begins anew with each
  // connection: so it gets longer each time, until something was processed.
  private void giveUp(Run run) {
    Lsn processed = progress.processed();
    stalls = Objects.equals(processed, stalledAt) ? stalls + 1 : 1;
    stalledAt = processed;
    watched = null;
    supervisor.ended(
        run,
        new StalledException(
            "nothing came through the stream for " + missed + " heartbeats of " + interval),
        true);
  }

  private void beat() {
    Beat unsent = new Beat(++number, null, System.nanoTime());
    try {
      Pulse.Reply reply = pulse.beat(number);
      if (reply.sentAt() != null) {
        sent(new Beat(number, reply.sentAt(), unsent.sentNanos()));
      }
      see(reply.slot());
    } catch (SQLException | RuntimeException | OutOfMemoryError e) { // it has to outlive everything
      LOG.debug("no heartbeat could be sent", e);
      if (oldestUnread == null) {
        oldestUnread = unsent; // the server may be gone: silence counts from here on
      }
    }
  }

  private void sent(Beat beat) {
    if (oldestUnread == null) {
      oldestUnread = beat;
    }
    synchronized (unprocessed) {
      if (unprocessed.size() < MOST_UNPROCESSED) {
        unprocessed.add(beat);
      }
    }
  }
}

package io.waltap.internal.dispatch;

import io.waltap.event.Lsn;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One history on real threads: a seed decides what happens, but not in which order. Who would wait
 * for ever is found out by the clock.
 */
final class Race implements Script {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final Random random;
  private final FakeWal wal;
  private final Cast cast;
  private final @Nullable Executor executor;
  private final ExecutorService meddlers;
  private final AtomicReference<Flaw> flaw = new AtomicReference<>();
  private volatile boolean refused;
  private volatile boolean over;
  private final AtomicInteger troubles = new AtomicInteger();

  /**
   * @param threads where work is done, and where somebody meddles with it
   */
  Race(long seed, ExecutorService threads) {
    this.random = new Random(seed * 104_729 + 5);
    this.wal = new FakeWal(random);
    this.cast = new Cast(random, wal, this);
    this.troubles.set(random.nextInt(4));
    this.meddlers = threads;
    this.executor =
        switch (random.nextInt(8)) {
          case 0 -> Runnable::run;
          case 1 -> null;
          default -> threads;
        };
  }

  void play() throws InterruptedException {
    Lsn stored = null;
    boolean complete = false;
    while (!complete) {
      over = false;
      refused = false;
      @Nullable Lsn from = stored;
      cast.witnesses().forEach(witness -> witness.restart(from));
      Dispatcher dispatcher = start();
      complete = deliver(dispatcher, from);
      Lsn reached = end(dispatcher);
      stored = reached == null ? from : reached;
      check();
    }
    Lsn last = stored;
    Flaw.unless(wal.end().equals(last), "the position stays at %s", last);
  }

  private void check() {
    Flaw first = flaw.get();
    if (first != null) {
      throw first;
    }
  }

  private Dispatcher start() {
    Listeners listeners = new Listeners(cast.subscriptions(), List.of(), List.of());
    int room = 1 + random.nextInt(12);
    Delivering how = new Delivering("race", executor, room, 2000, null, cast.parking(), null);
    Dispatcher dispatcher = new Dispatcher(listeners, how);
    dispatcher.attend(
        new Dispatcher.Owner() {
          @Override
          public void refused(DeliveryException refusal) {
            refused = true;
          }

          @Override
          public void progressed() {
            observe(dispatcher);
          }
        });
    return dispatcher;
  }

  /** Delivers all; false if it has to begin again. */
  private boolean deliver(Dispatcher dispatcher, @Nullable Lsn stored) throws InterruptedException {
    Flow flow = dispatcher.flow();
    meddlers.execute(() -> meddle(flow, 1 + ThreadLocalRandom.current().nextInt(6)));
    List<SourceEvent> feed = wal.from(stored);
    @Nullable Lsn from = stored;
    for (int next = 0; next < feed.size() && !refused; next++) {
      try {
        dispatcher.dispatch(feed.get(next));
      } catch (DeliveryException | AbandonedException e) {
        return false;
      }
      observe(dispatcher);
      if (any(8) == 0) {
        dispatcher.flush();
      }
      if (troubles.get() > 0 && any(30) == 0) {
        troubles.decrementAndGet();
        if (any(2) == 0 || !drain(dispatcher)) {
          return false;
        }
        from = dispatcher.boundary() == null ? from : dispatcher.boundary();
        again(dispatcher, from);
        feed = wal.from(from);
        next = -1;
      }
    }
    return drain(dispatcher);
  }

  private void again(Dispatcher dispatcher, @Nullable Lsn from) {
    if (from == null) {
      dispatcher.startOver(null);
      cast.witnesses().forEach(witness -> witness.forget(null));
    } else {
      dispatcher.resume();
    }
  }

  private boolean drain(Dispatcher dispatcher) throws InterruptedException {
    long begun = System.nanoTime();
    boolean done = dispatcher.drain(LONG); // or refused
    Flaw.unless(done || System.nanoTime() - begun < LONG.toNanos(), "it never ends");
    return done && !refused;
  }

  private static void meddle(Flow flow, int times) {
    for (int i = 0; i < times; i++) {
      flow.pause();
      idle();
      flow.urge();
      flow.resume();
      idle();
    }
  }

  private static void idle() {
    for (int i = ThreadLocalRandom.current().nextInt(20); i > 0; i--) {
      Thread.onSpinWait();
      if (i % 8 == 0) {
        Thread.yield();
      }
    }
  }

  private @Nullable Lsn end(Dispatcher dispatcher) throws InterruptedException {
    Flow flow = dispatcher.flow();
    dispatcher.flush();
    if (any(2) == 0) {
      flow.stopping();
      Flaw.unless(flow.awaitStill(LONG), "it does not come to rest");
    }
    flow.shut();
    Flaw.unless(flow.awaitStill(LONG), "it does not come to rest when it is shut");
    over = true;
    observe(dispatcher);
    return dispatcher.boundary();
  }

  private void observe(Dispatcher dispatcher) {
    Lsn boundary = dispatcher.boundary();
    if (boundary != null) {
      try {
        cast.witnesses().forEach(witness -> witness.reached(boundary));
      } catch (Flaw f) {
        flawed(f);
      }
    }
  }

  @Override
  public void called() {
    Flaw.unless(!over, "a listener is called after all was shut");
  }

  @Override
  public void meanwhile(boolean waits) {
    idle();
  }

  @Override
  public boolean fails() {
    return troubles.get() > 0 && any(6) == 0;
  }

  @Override
  public int any(int bound) {
    return ThreadLocalRandom.current().nextInt(bound);
  }

  @Override
  public void note(String format, @Nullable Object... what) {}

  @Override
  public void flawed(Flaw first) {
    flaw.compareAndSet(null, first);
  }
}

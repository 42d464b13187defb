package io.waltap.internal.dispatch;

import io.waltap.event.Lsn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * One history, made up of a seed: what the server sends, who listens, what fails, what comes in
 * between, and in which order everything happens, on one thread. While a listener is called,
 * anything else may happen that would on another thread.
 */
final class Trial implements Script {

  private static final int STEPS = 20_000;

  private final Random random;
  private final List<String> story = new ArrayList<>();
  private final boolean told;
  private final FakeWal wal;
  private final Cast cast;
  private final boolean inline;
  private Schedule schedule;
  private Dispatcher dispatcher;
  private List<SourceEvent> feed = List.of();
  private int next;
  private int room;
  private @Nullable Lsn reached;
  private @Nullable Flaw flaw;
  private int troubles;
  private int steps;
  private int depth;
  private int waiting;
  private boolean dispatching;
  private boolean resting;
  private boolean ended;
  private boolean shut;

  /**
   * @param told whether its story is written down
   */
  Trial(long seed, boolean told) {
    this.random = new Random(seed * 7919 + 17);
    this.told = told;
    this.wal = new FakeWal(random);
    this.cast = new Cast(random, wal, this);
    this.inline = random.nextInt(8) == 0;
    this.troubles = 1 + random.nextInt(6);
    this.schedule = new Schedule(random, inline);
    this.dispatcher = start();
  }

  List<String> story() {
    return story;
  }

  @Override
  public void note(String format, @Nullable Object... what) {
    if (told) {
      story.add("  ".repeat(depth) + format.formatted(what));
    }
  }

  private Dispatcher start() {
    note("start at %s: %s", reached, inline ? "inline" : "queued");
    schedule = new Schedule(random, inline);
    int room = cast.queues() + random.nextInt(20);
    Delivering how = new Delivering("t", schedule, room, 1 << 20, null, cast.parking(), null);
    Dispatcher started =
        new Dispatcher(new Listeners(cast.subscriptions(), List.of(), List.of()), how, schedule);
    started.attend(
        new Dispatcher.Owner() {
          @Override
          public void refused(DeliveryException refusal) {
            note("refused: %s", refusal.getMessage());
            ended = true;
            shut = true;
          }

          @Override
          public void progressed() {
            observe();
          }
        });
    cast.witnesses().forEach(witness -> witness.restart(reached));
    feed = wal.from(reached);
    next = 0;
    ended = false;
    shut = false;
    this.room = room;
    return started;
  }

  /** Plays it. */
  void play() {
    cast.subscriptions().forEach(each -> note("%s", each));
    while (true) {
      if (ended) {
        note("stop");
        stop();
      } else if (next >= feed.size()) {
        if (isComplete()) {
          return;
        }
      } else if (troubles > 0 && random.nextInt(40) == 0) {
        troubles--;
        trouble();
      } else {
        step();
      }
      check();
    }
  }

  private void check() {
    if (flaw != null) {
      throw flaw;
    }
    Flaw.unless(++steps < STEPS, "it never comes to its end");
  }

  private void trouble() {
    switch (random.nextInt(4)) {
      case 0 -> {
        note("crash");
        dispatcher = start();
      }
      case 1 -> {
        note("stopping");
        dispatcher.flow().stopping();
        ended = true;
      }
      case 2 -> {
        note("startOver");
        cut(true);
      }
      default -> {
        note("cut");
        cut(false);
      }
    }
  }

  /** As the supervisor does when a source is lost. */
  private void cut(boolean over) {
    rest(true);
    if (ended) {
      return;
    }
    Lsn boundary = dispatcher.boundary();
    if (over || reached == null) {
      dispatcher.startOver(boundary);
      cast.witnesses().forEach(witness -> witness.forget(reached));
    } else {
      dispatcher.resume();
    }
    feed = wal.from(reached);
    next = 0;
  }

  /** As the supervisor does when the engine stops. */
  private void stop() {
    rest(false);
    dispatcher.flow().shut();
    shut = true;
    while (schedule.runNext(true)) {
      check();
    }
    observe();
    dispatcher = start();
  }

  private boolean isComplete() {
    rest(true);
    if (ended) {
      return false;
    }
    Flow flow = dispatcher.flow();
    observe();
    cast.witnesses().forEach(witness -> witness.reached(wal.end()));
    Flaw.unless(wal.end().equals(reached), "the position stays at %s", reached);
    Flaw.unless(flow.waiting() == 0 && flow.waitingBytes() == 0, "room is lost");
    long accepted = cast.witnesses().stream().mapToLong(Witness::accepted).sum();
    Flaw.unless(flow.delivered() == accepted, "counts %d for %d", flow.delivered(), accepted);
    return true;
  }

  private void rest(boolean done) {
    Flow flow = dispatcher.flow();
    resting = true;
    if (done) {
      flow.resume();
    }
    do {
      check();
      dispatcher.flush();
      flow.urge();
    } while (schedule.runNext(done));
    resting = false;
    boolean still = ended || await(done);
    Flaw.unless(still, "it does not come to rest, with %d waiting", flow.waiting());
  }

  private boolean await(boolean done) {
    Flow flow = dispatcher.flow();
    try {
      return done ? flow.awaitDone(Duration.ZERO) : flow.awaitStill(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void step() {
    switch (random.nextInt(16)) {
      case 0 -> pauseOrResume();
      case 1 -> dispatcher.flow().urge();
      case 2, 3 -> {
        if (!dispatching) {
          dispatcher.flush();
        }
      }
      case 4 -> schedule.runNext(true);
      case 5, 6, 7, 8, 9 -> schedule.runNext(false);
      default -> dispatch();
    }
  }

  private void pauseOrResume() {
    Flow flow = dispatcher.flow();
    if (flow.isPaused()) {
      note("resume");
      flow.resume();
    } else if (waiting == 0 && !dispatching && !resting && random.nextInt(3) == 0) {
      note("pause");
      flow.pause();
    }
  }

  private void dispatch() {
    Flow flow = dispatcher.flow();
    boolean may = !dispatching && !resting && !ended && next < feed.size() && !flow.isPaused();
    if (!may || flow.waiting() + cast.queues() > room) {
      return;
    }
    dispatching = true;
    try {
      note("dispatch %s", feed.get(next));
      dispatcher.dispatch(feed.get(next));
      next++;
    } catch (DeliveryException | AbandonedException e) {
      note("not accepted: %s", e.getMessage());
      ended = true;
    } finally {
      dispatching = false;
    }
    observe();
  }

  private void observe() {
    Lsn boundary = dispatcher.boundary();
    if (boundary == null || boundary.equals(reached)) {
      return;
    }
    note("position %s", boundary);
    try {
      Flaw.unless(reached == null || boundary.compareTo(reached) > 0, "back to %s", boundary);
      cast.witnesses().forEach(witness -> witness.reached(boundary));
    } catch (Flaw f) {
      flawed(f);
    }
    reached = boundary;
  }

  @Override
  public void called() {
    Flaw.unless(!shut, "a listener is called after all was shut");
    Flaw.unless(!dispatcher.flow().isPaused(), "a listener is called in a pause");
  }

  @Override
  public void meanwhile(boolean waits) {
    if (depth >= 4) {
      return;
    }
    depth++;
    waiting += waits ? 1 : 0;
    for (int i = random.nextInt(4); i > 0; i--) {
      step();
    }
    if (troubles > 0 && random.nextInt(200) == 0) {
      troubles--;
      note("stopping");
      dispatcher.flow().stopping();
      ended = true;
    }
    waiting -= waits ? 1 : 0;
    depth--;
  }

  @Override
  public boolean fails() {
    return troubles > 0 && random.nextInt(6) == 0;
  }

  @Override
  public int any(int bound) {
    return random.nextInt(bound);
  }

  @Override
  public void flawed(Flaw first) {
    note("%s", first.getMessage());
    if (flaw == null) {
      flaw = first;
    }
  }
}

package io.waltap.internal.dispatch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.concurrent.Executor;

/** Runs one thing after the other, in an order that a seed decides, in a time of its own. */
final class Schedule implements Executor, Time {

  private record Timer(long at, int number, Runnable work) {}

  private final Random random;
  private final boolean inline;
  private final List<Runnable> ready = new ArrayList<>();
  private final PriorityQueue<Timer> timers =
      new PriorityQueue<>(
          (a, b) -> a.at() == b.at() ? a.number() - b.number() : Long.compare(a.at(), b.at()));
  private long now;
  private int numbers;

  /**
   * @param inline whether work is done by whoever hands it over
   */
  Schedule(Random random, boolean inline) {
    this.random = random;
    this.inline = inline;
  }

  @Override
  public void execute(Runnable work) {
    if (inline) {
      work.run();
    } else {
      ready.add(work);
    }
  }

  @Override
  public long nanos() {
    return now += random.nextInt(60_000);
  }

  @Override
  public void after(Duration wait, Runnable work) {
    timers.add(new Timer(now + Math.max(0, wait.toNanos()), numbers++, work));
  }

  /**
   * Runs something.
   *
   * @param waits whether time passes if nothing else is to be done
   * @return false if there was nothing
   */
  boolean runNext(boolean waits) {
    Timer timer = timers.peek();
    boolean due = timer != null && (timer.at() <= now || (waits && ready.isEmpty()));
    int candidates = ready.size() + (due ? 1 : 0);
    if (candidates == 0) {
      return false;
    }
    int chosen = random.nextInt(candidates);
    if (chosen < ready.size()) {
      ready.remove(chosen).run();
    } else {
      Timer first = timers.remove();
      now = Math.max(now, first.at());
      first.work().run();
    }
    return true;
  }
}

package io.waltap.internal.dispatch;

import io.waltap.internal.dispatch.Subscription.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;

/** Several changes at once, in order, on another thread. */
final class BatchLane implements Lane {

  private final Filter filter;
  private final Caller caller;
  private final Crew crew;
  private final int most;
  private final long withinNanos;
  private final ReentrantLock lock = new ReentrantLock();
  private final Deque<Task> waiting = new ArrayDeque<>();
  private boolean running;
  private boolean scheduled;
  private boolean urgent;
  private boolean over;
  private int undone;

  BatchLane(Subscription subscription, Target.Batches target, Crew crew) {
    Routes routes = new Routes(subscription.tables());
    this.filter = new Filter(subscription.operations(), subscription.changed());
    this.crew = crew;
    this.most = subscription.most();
    this.withinNanos = subscription.within().toNanos();
    this.caller =
        new Caller(
            subscription,
            crew,
            changes -> target.listener().onChanges(changes.stream().map(routes::map).toList()));
  }

  @Override
  public boolean isQueue() {
    return true;
  }

  @Override
  public boolean wants(Delivery change) {
    return filter.wants(change);
  }

  @Override
  public void take(Delivery change, int weight) {
    Task task = new Task(change, crew.sections().add(), weight, crew.time().nanos());
    inTurn(
        () -> {
          waiting.add(task);
          undone++;
        });
  }

  /** Does something under the lock, then sees to it that what waits is not forgotten. */
  private void inTurn(Runnable change) {
    boolean start;
    lock.lock();
    try {
      change.run();
      start = isToBeStarted();
    } finally {
      lock.unlock();
    }
    if (start && !crew.execute(this::work)) {
      leave();
    }
  }

  private boolean isToBeStarted() {
    if (running || over || waiting.isEmpty() || !crew.gate().isOpen()) {
      return false;
    }
    running = isDue();
    if (!running && !scheduled) {
      scheduled = true;
      crew.execute(() -> inTurn(() -> scheduled = false), Duration.ofNanos(left()));
    }
    return running;
  }

  private boolean isDue() {
    return waiting.size() >= most || urgent || left() <= 0;
  }

  private long left() {
    return waiting.element().since() + withinNanos - crew.time().nanos();
  }

  private void work() {
    try {
      List<Task> batch = next(List.of());
      while (!batch.isEmpty()) {
        caller.callUntilDone(changes(batch));
        batch = next(batch);
      }
    } catch (DeliveryException e) {
      leave();
      crew.refused(e);
    } catch (AbandonedException e) {
      leave();
    } catch (RuntimeException | Error e) {
      leave();
      crew.refused(DeliveryException.ofWork(e));
    }
  }

  private static List<Delivery> changes(List<Task> batch) {
    return batch.stream().map(task -> Objects.requireNonNull(task.change())).toList();
  }

  /** The next batch; empty if there is none, and the work ends. */
  private List<Task> next(List<Task> done) {
    settle(done);
    List<Task> batch = new ArrayList<>();
    inTurn(
        () -> {
          undone -= done.size();
          if (crew.gate().isOpen() && !waiting.isEmpty() && isDue()) {
            while (batch.size() < most && !waiting.isEmpty()) {
              batch.add(waiting.remove());
            }
          }
          running = !batch.isEmpty();
          urgent &= !waiting.isEmpty();
        });
    if (batch.isEmpty()) {
      crew.quieted();
    }
    return batch;
  }

  // Nothing may overtake what was left undone, though the gate may be open still.
  private void leave() {
    lock.lock();
    try {
      running = false;
      over = true;
    } finally {
      lock.unlock();
    }
    crew.quieted();
  }

  private void settle(List<Task> done) {
    for (Task task : done) {
      crew.finish(Objects.requireNonNull(task.section()), 1, task.weight());
    }
  }

  @Override
  public void replay(Delivery change, Replay replay) throws Exception {
    replay.with(() -> caller.once(change));
  }

  @Override
  public void reopen() {
    inTurn(() -> {});
  }

  @Override
  public void urge() {
    inTurn(() -> urgent = !waiting.isEmpty());
  }

  @Override
  public boolean isDone() {
    lock.lock();
    try {
      return undone == 0;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean isStill() {
    lock.lock();
    try {
      return !running && (over || waiting.isEmpty() || !crew.gate().isOpen());
    } finally {
      lock.unlock();
    }
  }
}

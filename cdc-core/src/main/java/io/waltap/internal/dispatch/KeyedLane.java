package io.waltap.internal.dispatch;

import io.waltap.event.TableId;
import io.waltap.internal.dispatch.Subscription.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Changes of different keys side by side, those of one key in order. Workers take several changes
 * at a time, so that a fast listener is not slowed down by handing over; whoever finds nothing else
 * takes from what others have not begun, so that a slow change holds up its own key only.
 */
final class KeyedLane implements Lane {

  /** How many changes are handed over at once, and taken at once, at most. */
  private static final int MOST = 64;

  /** How long a worker may be at what it took before others hear of what is done. */
  private static final long LONG_NANOS = 200_000;

  private final Filter filter;
  private final Caller caller;
  private final Crew crew;
  private final int workers;
  private final List<Task> fresh = new ArrayList<>(); // the dispatching thread's
  private final ReentrantLock lock = new ReentrantLock();
  private final KeyGraph graph = new KeyGraph();
  private final List<Share> shares = new ArrayList<>();
  private int running;
  private int undone;

  KeyedLane(Subscription subscription, Target.Each target, Crew crew) {
    Routes routes = new Routes(subscription.tables());
    this.filter = new Filter(subscription.operations(), subscription.changed());
    this.crew = crew;
    this.workers = subscription.workers();
    this.caller =
        new Caller(
            subscription, crew, changes -> target.listener().onChange(routes.map(changes.get(0))));
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
    add(new Task(change, crew.sections().add(), weight, 0));
  }

  @Override
  public void barrier(TableId table) {
    add(Task.barrier(table));
  }

  private void add(Task task) {
    fresh.add(task);
    if (fresh.size() >= MOST) {
      flush();
    }
  }

  @Override
  public void flush() {
    if (fresh.isEmpty()) {
      return;
    }
    int missing;
    lock.lock();
    try {
      fresh.forEach(graph::add);
      undone += fresh.size();
      missing = missing();
    } finally {
      lock.unlock();
    }
    fresh.clear();
    start(missing);
  }

  /** How many workers to start; they count from here on. */
  private int missing() {
    int missing = crew.gate().isOpen() ? Math.min(workers - running, graph.ready()) : 0;
    running += missing;
    return missing;
  }

  private void start(int count) {
    for (int i = 0; i < count; i++) {
      if (!crew.execute(this::work)) {
        leave(new ArrayList<>());
      }
    }
  }

  private void work() {
    List<Task> done = new ArrayList<>();
    try {
      Share share = next(null, done);
      while (share != null) {
        work(share, done);
        share = next(share, done);
      }
    } catch (DeliveryException e) {
      leave(done);
      crew.refused(e);
    } catch (AbandonedException e) {
      leave(done);
    } catch (RuntimeException | Error e) {
      leave(new ArrayList<>()); // how much of what is done was counted is not known
      crew.refused(DeliveryException.ofWork(e));
    }
  }

  private void work(Share share, List<Task> done) throws DeliveryException, AbandonedException {
    long begun = crew.time().nanos();
    Task task = crew.gate().isOpen() ? share.next() : null;
    while (task != null) {
      boolean awaited = false;
      if (isDone(task)) {
        done.add(task);
        awaited = task.finish(); // then others hear of it at once
      }
      boolean goOn = !awaited && crew.gate().isOpen() && crew.time().nanos() - begun < LONG_NANOS;
      task = goOn ? share.next() : null;
    }
  }

  private boolean isDone(Task task) throws DeliveryException, AbandonedException {
    Delivery change = task.change();
    if (change == null || (task.attempt() == 1 && caller.isParkedBehind(change))) {
      return true;
    }
    Duration again = caller.attempt(List.of(change), task.attempts());
    if (again == null) {
      return true;
    }
    crew.execute(() -> again(task), again);
    return false;
  }

  private void again(Task task) {
    int missing;
    lock.lock();
    try {
      graph.returned(List.of(task).iterator());
      missing = missing();
    } finally {
      lock.unlock();
    }
    start(missing);
  }

  /**
   * What to do next, once it is known what is done.
   *
   * @return null if there is nothing, and this worker ends
   */
  private @Nullable Share next(@Nullable Share share, List<Task> done) {
    settle(done);
    Share next = null;
    int missing = 0;
    lock.lock();
    try {
      completed(done);
      if (crew.gate().isOpen()) {
        next = share != null && share.hasNext() ? share : take(share);
        missing = next == null ? 0 : missing();
      } else if (share != null) {
        shares.remove(share);
        graph.returned(share.rest().iterator());
      }
      running -= next == null ? 1 : 0;
    } finally {
      lock.unlock();
    }
    start(missing);
    if (next == null) {
      crew.quieted();
    }
    return next;
  }

  private void leave(List<Task> done) {
    settle(done);
    lock.lock();
    try {
      completed(done);
      running--;
    } finally {
      lock.unlock();
    }
    crew.quieted();
  }

  // First: whoever sees that all is done has to find the position moved.
  private void settle(List<Task> done) {
    for (Task task : done) {
      if (task.section() != null) {
        crew.finish(Objects.requireNonNull(task.section()), 1, task.weight());
      }
    }
  }

  private void completed(List<Task> done) {
    done.forEach(graph::done);
    undone -= done.size();
    done.clear();
  }

  private @Nullable Share take(@Nullable Share finished) {
    if (finished != null) {
      shares.remove(finished);
    }
    int count = Math.min(MOST, Math.max(1, graph.ready() / (2 * workers)));
    List<Task> tasks = new ArrayList<>(count);
    for (int i = 0; i < count && graph.ready() > 0; i++) {
      tasks.add(Objects.requireNonNull(graph.poll()));
    }
    if (tasks.isEmpty()) {
      return stolen();
    }
    Share share = new Share(tasks);
    shares.add(share);
    return share;
  }

  private @Nullable Share stolen() {
    for (Share other : shares) {
      Task task = other.next();
      if (task != null) {
        return new Share(List.of(task));
      }
    }
    return null;
  }

  @Override
  public void replay(Delivery change, Replay replay) throws Exception {
    replay.with(() -> caller.once(change));
  }

  @Override
  public void reopen() {
    int missing;
    lock.lock();
    try {
      missing = missing();
    } finally {
      lock.unlock();
    }
    start(missing);
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
      return running == 0 && (graph.ready() == 0 || !crew.gate().isOpen());
    } finally {
      lock.unlock();
    }
  }
}

package io.waltap.internal.dispatch;

import io.waltap.internal.dispatch.Sections.Section;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** What the lanes of one engine share. Any thread. */
final class Crew {

  /** Where effects of listeners are kept together with the position. */
  public interface Effects {
    /** The connection of the transaction that commits with the next position. */
    Connection connection() throws SQLException, IOException;
  }

  /** Who is told what becomes of work that others do. Returns at once. */
  interface Owner {

    /** A change was refused; nothing more is begun. */
    void refused(DeliveryException refusal);

    /** {@link Sections#done} has moved. */
    void progressed();
  }

  private static final Owner NOBODY =
      new Owner() {
        @Override
        public void refused(DeliveryException refusal) {}

        @Override
        public void progressed() {}
      };

  private final Executor executor;
  private final @Nullable ExecutorService own;
  private final Backlog backlog;
  private final @Nullable Parking parking;
  private final @Nullable Effects effects;
  private final Time time;
  private final Gate gate = new Gate();
  private final Sections sections = new Sections();
  private final LongAdder accepted = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder parked = new LongAdder();
  private final Set<Thread> working = ConcurrentHashMap.newKeySet();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition quiet = lock.newCondition();
  private volatile Owner owner = NOBODY;

  Crew(Delivering how, Time time) {
    this.own = how.executor() == null ? threads(how.name()) : null;
    this.executor = how.executor() == null ? Objects.requireNonNull(own) : how.executor();
    this.backlog = new Backlog(how.maxChanges(), how.maxBytes());
    this.parking = how.parking();
    this.effects = how.effects();
    this.time = time;
  }

  // None before it is needed; each ends after it was not needed for a while.
  private static ExecutorService threads(String name) {
    AtomicInteger number = new AtomicInteger();
    return new ThreadPoolExecutor(
        0,
        Integer.MAX_VALUE,
        10,
        TimeUnit.SECONDS,
        new SynchronousQueue<>(),
        work -> {
          Thread thread =
              new Thread(work, "waltap-" + name + "-worker-" + number.incrementAndGet());
          thread.setDaemon(true);
          return thread;
        });
  }

  void attend(Owner who) {
    owner = who;
  }

  Gate gate() {
    return gate;
  }

  Sections sections() {
    return sections;
  }

  Time time() {
    return time;
  }

  Backlog backlog() {
    return backlog;
  }

  @Nullable Parking parking() {
    return parking;
  }

  Connection connection() throws SQLException, IOException {
    if (effects == null) {
      throw new IllegalStateException("no store of positions that holds effects as well");
    }
    return effects.connection();
  }

  /**
   * Has work done on another thread.
   *
   * @return false if it will not be done
   */
  boolean execute(Runnable work) {
    try {
      executor.execute(() -> run(work));
      return true;
    } catch (RuntimeException | Error e) { // rejected, or no thread can be made
      if (!gate.isShut()) {
        refused(DeliveryException.ofExecutor(e));
      }
      return false;
    }
  }

  /** Has it done after a while. */
  void execute(Runnable work, Duration after) {
    time.after(after, () -> execute(work));
  }

  private void run(Runnable work) {
    boolean outermost = working.add(Thread.currentThread()); // an executor may run it at once
    try {
      work.run();
    } finally {
      if (outermost) {
        working.remove(Thread.currentThread());
      }
    }
  }

  /** Whether the calling thread works for a lane, so that it must not wait for one. */
  boolean isWorking() {
    return working.contains(Thread.currentThread());
  }

  void refused(DeliveryException refusal) {
    gate.shut();
    owner.refused(refusal);
    quieted();
  }

  /** Nobody is called any more; what is at work goes on. */
  void shut() {
    gate.shut();
    if (own != null) {
      own.shutdown();
    }
    quieted();
  }

  void accepted(int changes) {
    accepted.add(changes);
  }

  void skipped(int changes) {
    skipped.add(changes);
  }

  void parked(int changes) {
    parked.add(changes);
  }

  long accepted() {
    return accepted.sum();
  }

  long skipped() {
    return skipped.sum();
  }

  long parked() {
    return parked.sum();
  }

  /** Changes that waited in a lane are done. */
  void finish(Section section, int changes, long weight) {
    backlog.remove(changes, weight);
    if (sections.finish(section, changes)) {
      owner.progressed();
    }
  }

  /** A lane may have become quiet. */
  void quieted() {
    lock.lock();
    try {
      quiet.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits for something that is so when lanes have become quiet. */
  boolean awaitQuiet(BooleanSupplier wanted, Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (!wanted.getAsBoolean()) {
        if (nanos <= 0) {
          return false;
        }
        nanos = quiet.awaitNanos(nanos);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}

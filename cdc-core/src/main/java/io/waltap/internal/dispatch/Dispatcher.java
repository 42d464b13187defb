package io.waltap.internal.dispatch;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Lsn;
import io.waltap.event.SchemaChange;
import io.waltap.event.TableId;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.Commit;
import io.waltap.internal.dispatch.SourceEvent.Idle;
import io.waltap.internal.dispatch.SourceEvent.Message;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.Shape;
import io.waltap.internal.dispatch.SourceEvent.SnapshotRow;
import io.waltap.internal.dispatch.SourceEvent.StreamStart;
import io.waltap.internal.dispatch.SourceEvent.TableTruncate;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the source delivers, hands each change to the lanes of those who listen to its table,
 * and knows how far that has come.
 *
 * <p>A position is known only at a boundary: the start of the stream, the end of a transaction, or
 * an idle moment between two. Whoever asks in between gets the previous boundary, so a transaction
 * that is half delivered is delivered again, whole, after a restart.
 *
 * <p>Used by one thread at a time, but for {@link #boundary}, the {@link #flow} and what else says
 * so.
 */
public final class Dispatcher {

  /** Who is told what becomes of changes that others than the dispatching thread deliver. */
  public interface Owner extends Crew.Owner {}

  private final Announcer announcer;
  private final Crew crew;
  private final Lanes lanes;
  private final Flow flow;
  private final boolean transactional;
  private final @Nullable Replayer replayer;
  private final Shapes shapes = new Shapes();
  private volatile @Nullable Begin transaction;
  private long order;
  private long accepted;
  private @Nullable Begin interrupted;
  private long repeated;

  /** Whoever dispatches has it, or has something to do in between. */
  private final ReentrantLock turn = new ReentrantLock();

  private final Condition ended = turn.newCondition();

  /** Only listeners that are called in order. */
  public Dispatcher(Listeners listeners) {
    this(listeners, Delivering.inOrder());
  }

  public Dispatcher(Listeners listeners, Delivering how) {
    this(listeners, how, Time.REAL);
  }

  Dispatcher(Listeners listeners, Delivering how, Time time) {
    this.announcer = new Announcer(listeners);
    this.crew = new Crew(how, time);
    this.lanes = new Lanes(listeners.subscriptions(), crew, how.maxBytes());
    this.flow = new Flow(crew, lanes);
    this.transactional = listeners.areTransactional();
    this.replayer = how.letters() == null ? null : new Replayer(this, lanes, how.letters());
  }

  /** What goes on beside the dispatching thread. Any thread. */
  public Flow flow() {
    return flow;
  }

  /** Has somebody told of that; before anything is dispatched. */
  public void attend(Owner owner) {
    crew.attend(owner);
  }

  /** Whether effects of listeners commit with the position. */
  public boolean isTransactional() {
    return transactional;
  }

  /**
   * Delivers one event; returns when those listeners have accepted it that are called in order.
   *
   * @throws DeliveryException if one did not
   * @throws AbandonedException if the engine stops before that
   */
  public void dispatch(SourceEvent event) throws DeliveryException, AbandonedException {
    await();
    turn.lock();
    try {
      inTurn(event);
    } finally {
      turn.unlock();
    }
  }

  private void inTurn(SourceEvent event) throws DeliveryException, AbandonedException {
    if (isRepeated(event)) {
      order++;
    } else if (event instanceof RowChange change) {
      deliver(new Delivery(metadata(change.table(), change.lsn()), change));
    } else if (event instanceof SnapshotRow row) {
      deliver(new Delivery(snapshot(row), row));
    } else if (event instanceof TableTruncate truncate) {
      deliver(new Delivery(metadata(truncate.table(), truncate.lsn()), truncate));
    } else if (event instanceof Message message) {
      message(message);
    } else if (event instanceof Shape shape) {
      shape(shape);
    } else if (event instanceof Begin begin) {
      begin(begin);
    } else if (event instanceof Commit commit) {
      commit(commit.end());
    } else if (event instanceof StreamStart start) {
      streamStarts(start.lsn());
    } else if (event instanceof Idle idle) {
      crew.sections().end(idle.lsn());
    }
    accepted = order;
  }

  private void await() throws AbandonedException {
    try {
      if (crew.gate().await()) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AbandonedException();
  }

  /** Has something done once all that was dispatched so far is done. Runs on any thread. */
  public void whenDone(Runnable then) {
    crew.sections().whenDone(then);
  }

  /** Hands over what was dispatched; after the last event there is for now. */
  public void flush() {
    turn.lock();
    try {
      lanes.flush();
    } finally {
      turn.unlock();
    }
  }

  /**
   * Another source goes on where the last one was cut off. A transaction that was half delivered
   * comes again from its beginning; what was accepted of it is left out. It is known by its commit,
   * and its changes by their order in it: positions do not grow from change to change.
   */
  public void resume() {
    turn.lock();
    try {
      Begin cut = transaction;
      if (cut != null) {
        interrupted = cut;
        repeated = Math.max(accepted, repeated); // it may be cut off again while it is repeated
        transaction = null;
      }
    } finally {
      turn.unlock();
    }
  }

  /**
   * Another source begins elsewhere, with a snapshot or after a position whose effects were kept;
   * what the last one came to is of no account.
   */
  public void startOver(@Nullable Lsn from) {
    turn.lock();
    try {
      transaction = null;
      interrupted = null;
      repeated = 0;
      lanes.startOver();
      crew.sections().restart(from);
    } finally {
      turn.unlock();
    }
  }

  private void begin(Begin begin) {
    transaction = begin;
    order = 0;
    if (!begin.equals(interrupted)) {
      repeated = 0;
    }
    interrupted = null;
    for (Lane lane : lanes.all()) {
      lane.begin(begin);
    }
  }

  // The end of a snapshot, unless a transaction was cut off, which goes on later.
  private void streamStarts(Lsn at) throws DeliveryException, AbandonedException {
    if (interrupted == null) {
      commit(at);
    } else {
      crew.sections().end(at);
    }
  }

  private void commit(Lsn end) throws DeliveryException, AbandonedException {
    for (Lane lane : lanes.all()) {
      lane.commit();
    }
    transaction = null;
    repeated = 0;
    crew.sections().end(end);
    ended.signalAll();
  }

  private boolean isRepeated(SourceEvent event) {
    return transaction != null
        && order < repeated
        && (event instanceof RowChange
            || event instanceof TableTruncate
            || (event instanceof Message message && message.transactional()));
  }

  /** Whether the last event ended a transaction or lay outside any. Any thread. */
  public boolean atBoundary() {
    return transaction == null;
  }

  /** The last boundary before which all is done; null until the stream has started. Any thread. */
  public @Nullable Lsn boundary() {
    return crew.sections().done();
  }

  private void deliver(Delivery change) throws DeliveryException, AbandonedException {
    for (Lane lane : lanes.of(change.table())) {
      if (lane.wants(change)) {
        lane.take(change, lane.isQueue() ? room(change) : 0);
      }
    }
  }

  private int room(Delivery change) throws AbandonedException {
    int weight = change.weight();
    if (crew.backlog().tryAdd(weight)) {
      return weight;
    }
    lanes.flush(); // else nobody would make room
    lanes.urge();
    try {
      if (crew.backlog().add(weight, this::isHopeless)) {
        return weight;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new AbandonedException();
  }

  // A stop ends no retry that is waited for, nor a pause.
  private boolean isHopeless() {
    return crew.gate().isOver() || (crew.gate().isStopping() && lanes.areStill());
  }

  private void message(Message message) throws DeliveryException, AbandonedException {
    LogicalMessage told = told(message);
    announcer.message(told);
    if (message.transactional()) {
      for (Lane lane : lanes.all()) {
        lane.message(told);
      }
    }
  }

  private LogicalMessage told(Message message) {
    Begin begin = message.transactional() ? transaction : null;
    return new LogicalMessage(
        message.prefix(),
        message.content(),
        message.transactional(),
        message.lsn(),
        begin == null ? null : begin.commitLsn(),
        begin == null ? null : begin.transactionId(),
        begin == null ? null : begin.commitTime(),
        begin == null ? 0 : ++order);
  }

  private void shape(Shape shape) throws DeliveryException {
    SchemaChange change = shapes.update(shape.table(), shape.layout());
    if (change != null) {
      for (Lane lane : lanes.of(shape.table())) {
        lane.barrier(shape.table()); // keys of the old shape are not told from those of the new one
      }
      announcer.schema(change);
    }
  }

  private static ChangeMetadata snapshot(SnapshotRow row) {
    return new ChangeMetadata(row.table(), row.lsn(), null, null, null, 0, true);
  }

  private ChangeMetadata metadata(TableId table, Lsn lsn) {
    Begin begin = transaction;
    if (begin == null) {
      throw new IllegalStateException("a change of " + table + " outside a transaction at " + lsn);
    }
    return new ChangeMetadata(
        table, lsn, begin.commitLsn(), begin.transactionId(), begin.commitTime(), ++order, false);
  }

  /** Something to do while nobody dispatches. */
  public interface Turn<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Does something while nobody dispatches. Any thread. */
  public <T> T inTurn(Turn<T> task) throws IOException, InterruptedException {
    turn.lockInterruptibly();
    try {
      return task.run();
    } finally {
      turn.unlock();
    }
  }

  /**
   * Does something while nobody dispatches, no transaction is half dispatched and all that was
   * handed over is done; waits for that. Any thread but those that deliver.
   *
   * @throws IllegalStateException if the engine is paused or stops
   */
  <T> T atBoundary(Turn<T> task) throws IOException, InterruptedException {
    if (flow.isCalledFromWithin() || turn.isHeldByCurrentThread()) {
      throw new IllegalStateException("a listener cannot wait for itself");
    }
    return inTurn(
        () -> {
          while (!isAtRest()) {
            requireOpen();
            ended.await(100, TimeUnit.MILLISECONDS);
          }
          requireOpen();
          return task.run();
        });
  }

  private boolean isAtRest() throws InterruptedException {
    return atBoundary() && drain(Duration.ofMillis(100));
  }

  private void requireOpen() {
    Gate gate = crew.gate();
    if (!gate.isOpen() || gate.isStopping()) {
      throw new IllegalStateException("the engine is paused or does not run");
    }
  }

  /** What takes dead letters back; null if there are none. */
  public @Nullable Replayer replayer() {
    return replayer;
  }

  /** Waits until all that was handed over is done, or refused, or the engine stops. */
  public boolean drain(Duration timeout) throws InterruptedException {
    flush();
    return flow.awaitDone(timeout);
  }
}

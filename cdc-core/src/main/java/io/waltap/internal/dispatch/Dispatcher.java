package io.waltap.internal.dispatch;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
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
import io.waltap.listener.ChangeListener;
import io.waltap.listener.SchemaListener;
import io.waltap.table.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Takes what the source delivers, hands each change to the listener of its table, and knows how far
 * that has come.
 *
 * <p>A position is known only at a boundary: the start of the stream, the end of a transaction, or
 * an idle moment between two. Whoever asks in between gets the previous boundary, so a transaction
 * that is half delivered is delivered again, whole, after a restart.
 *
 * <p>Used by one thread at a time; {@link #delivered} may be asked by any.
 */
public final class Dispatcher {

  private final Map<TableId, Route<?>> routes = new LinkedHashMap<>();
  private final Listeners listeners;
  private final Shapes shapes = new Shapes();
  private @Nullable Begin transaction;
  private long order;
  private long accepted;
  private @Nullable Begin interrupted;
  private long repeated;
  private @Nullable Lsn boundary;
  private volatile long delivered;

  /** Only tables, each with a listener of its own. */
  public Dispatcher(List<Route<?>> routes) {
    this(Listeners.of(routes));
  }

  /**
   * @throws IllegalArgumentException if two routes name the same table
   */
  public Dispatcher(Listeners listeners) {
    this.listeners = listeners;
    for (Route<?> route : listeners.routes()) {
      if (this.routes.put(route.table().id(), route) != null) {
        throw new IllegalArgumentException(
            "two listeners for " + route.table().id() + "; one listener per table is supported");
      }
    }
  }

  /**
   * Delivers one event; returns when its listener has accepted it.
   *
   * @throws DeliveryException if it did not
   */
  public void dispatch(SourceEvent event) throws DeliveryException {
    if (isRepeated(event)) {
      order++;
    } else if (event instanceof RowChange change) {
      change(change);
    } else if (event instanceof SnapshotRow row) {
      snapshotRow(row);
    } else if (event instanceof TableTruncate truncate) {
      truncate(truncate);
    } else if (event instanceof Message message) {
      message(message);
    } else if (event instanceof Shape shape) {
      shape(shape);
    } else if (event instanceof Begin begin) {
      begin(begin);
    } else if (event instanceof Commit commit) {
      transaction = null;
      repeated = 0;
      boundary = commit.end();
    } else if (event instanceof StreamStart start) {
      boundary = start.lsn();
    } else if (event instanceof Idle idle) {
      boundary = idle.lsn();
    }
    accepted = order;
  }

  /**
   * Another source goes on where the last one was cut off. A transaction that was half delivered
   * comes again from its beginning; what was accepted of it is left out. It is known by its commit,
   * and its changes by their order in it: positions do not grow from change to change.
   */
  public void resume() {
    if (transaction != null) {
      interrupted = transaction;
      repeated = Math.max(accepted, repeated); // it may be cut off again while it is repeated
      transaction = null;
    }
  }

  /** Another source begins with a snapshot; nothing is left of what the last one came to. */
  public void startOver() {
    transaction = null;
    interrupted = null;
    repeated = 0;
    boundary = null;
  }

  private void begin(Begin begin) {
    transaction = begin;
    order = 0;
    if (!begin.equals(interrupted)) {
      repeated = 0;
    }
    interrupted = null;
  }

  private boolean isRepeated(SourceEvent event) {
    return transaction != null
        && order < repeated
        && (event instanceof RowChange
            || event instanceof TableTruncate
            || (event instanceof Message message && message.transactional()));
  }

  /** Whether the last event ended a transaction or lay outside any. */
  public boolean atBoundary() {
    return transaction == null;
  }

  /** The last boundary; null until the stream has started. */
  public @Nullable Lsn boundary() {
    return boundary;
  }

  /** How many changes listeners have accepted. */
  public long delivered() {
    return delivered;
  }

  private @Nullable Route<?> route(TableId table) {
    Route<?> route = routes.get(table);
    ChangeListener<? super Row> rest = listeners.rest();
    if (route == null && rest != null) {
      route = new Route<>(Table.of(table.quoted()), rest);
      routes.put(table, route);
    }
    return route;
  }

  private void change(RowChange change) throws DeliveryException {
    ChangeMetadata metadata = metadata(change.table(), change.lsn());
    Route<?> route = route(change.table());
    if (route != null) {
      deliver(change.operation(), metadata, () -> route.change(metadata, change));
    }
  }

  private void truncate(TableTruncate truncate) throws DeliveryException {
    ChangeMetadata metadata = metadata(truncate.table(), truncate.lsn());
    Route<?> route = route(truncate.table());
    if (route != null) {
      deliver(Operation.TRUNCATE, metadata, () -> route.truncate(metadata));
    }
  }

  private void snapshotRow(SnapshotRow row) throws DeliveryException {
    ChangeMetadata metadata = new ChangeMetadata(row.table(), row.lsn(), null, null, null, 0, true);
    Route<?> route = route(row.table());
    if (route != null) {
      deliver(Operation.READ, metadata, () -> route.read(metadata, row.key(), row.row()));
    }
  }

  private void message(Message message) throws DeliveryException {
    LogicalMessage told = told(message);
    for (Listeners.MessageRoute route : listeners.messages()) {
      if (route.takes(message.prefix())) {
        call(() -> route.listener().onMessage(told), e -> DeliveryException.ofMessage(told, e));
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
      for (SchemaListener listener : listeners.schemas()) {
        call(() -> listener.onSchemaChange(change), e -> DeliveryException.ofSchema(change, e));
      }
    }
  }

  private ChangeMetadata metadata(TableId table, Lsn lsn) {
    Begin begin = transaction;
    if (begin == null) {
      throw new IllegalStateException("a change of " + table + " outside a transaction at " + lsn);
    }
    return new ChangeMetadata(
        table, lsn, begin.commitLsn(), begin.transactionId(), begin.commitTime(), ++order, false);
  }

  private interface Call {
    void run() throws Exception;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread, read by many
  private void deliver(Operation operation, ChangeMetadata metadata, Call call)
      throws DeliveryException {
    call(call, e -> new DeliveryException(operation, metadata, e));
    delivered++;
  }

  // An application may throw anything, errors too; all of it has to stop the engine with the
  // position kept.
  private static void call(Call call, Function<Throwable, DeliveryException> refusal)
      throws DeliveryException {
    try {
      call.run();
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw refusal.apply(e);
    }
  }
}

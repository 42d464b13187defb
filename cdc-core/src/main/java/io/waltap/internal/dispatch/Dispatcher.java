package io.waltap.internal.dispatch;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.Commit;
import io.waltap.internal.dispatch.SourceEvent.Idle;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.SnapshotRow;
import io.waltap.internal.dispatch.SourceEvent.StreamStart;
import io.waltap.internal.dispatch.SourceEvent.TableTruncate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private @Nullable Begin transaction;
  private long order;
  private @Nullable Lsn boundary;
  private volatile long delivered;

  /**
   * @throws IllegalArgumentException if two routes name the same table
   */
  public Dispatcher(List<Route<?>> routes) {
    for (Route<?> route : routes) {
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
    if (event instanceof RowChange change) {
      change(change);
    } else if (event instanceof SnapshotRow row) {
      snapshotRow(row);
    } else if (event instanceof TableTruncate truncate) {
      truncate(truncate);
    } else if (event instanceof Begin begin) {
      transaction = begin;
      order = 0;
    } else if (event instanceof Commit commit) {
      transaction = null;
      boundary = commit.end();
    } else if (event instanceof StreamStart start) {
      boundary = start.lsn();
    } else if (event instanceof Idle idle) {
      boundary = idle.lsn();
    }
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

  private void change(RowChange change) throws DeliveryException {
    ChangeMetadata metadata = metadata(change.table(), change.lsn());
    Route<?> route = routes.get(change.table());
    if (route != null) {
      deliver(change.operation(), metadata, () -> route.change(metadata, change));
    }
  }

  private void truncate(TableTruncate truncate) throws DeliveryException {
    ChangeMetadata metadata = metadata(truncate.table(), truncate.lsn());
    Route<?> route = routes.get(truncate.table());
    if (route != null) {
      deliver(Operation.TRUNCATE, metadata, () -> route.truncate(metadata));
    }
  }

  private void snapshotRow(SnapshotRow row) throws DeliveryException {
    ChangeMetadata metadata = new ChangeMetadata(row.table(), row.lsn(), null, null, null, 0, true);
    Route<?> route = routes.get(row.table());
    if (route != null) {
      deliver(Operation.READ, metadata, () -> route.read(metadata, row.key(), row.row()));
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

  // An application may throw anything, errors too; all of it has to stop the engine with the
  // position kept.
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread, read by many
  private void deliver(Operation operation, ChangeMetadata metadata, Call call)
      throws DeliveryException {
    try {
      call.run();
    } catch (Throwable e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new DeliveryException(operation, metadata, e);
    }
    delivered++;
  }
}

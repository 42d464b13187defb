package io.waltap.internal.dispatch;

import io.waltap.event.LogicalMessage;
import io.waltap.event.TableId;
import io.waltap.internal.dispatch.SourceEvent.Begin;

/**
 * The way of changes to one listener. All methods are for the dispatching thread, except {@link
 * #reopen}, {@link #urge}, {@link #isDone} and {@link #isStill}, which are for any.
 */
interface Lane {

  /** Whether changes are accepted later, on other threads. */
  boolean isQueue();

  /** Whether the listener wants it. */
  boolean wants(Delivery change);

  /**
   * Takes a change that is wanted.
   *
   * @param weight of it, if this is a queue
   */
  void take(Delivery change, int weight) throws DeliveryException, AbandonedException;

  /** A transaction begins, perhaps again. */
  default void begin(Begin begin) {}

  /** A message in the transaction at hand. */
  default void message(LogicalMessage message) throws DeliveryException, AbandonedException {}

  /** The transaction at hand is complete, or the snapshot is. */
  default void commit() throws DeliveryException, AbandonedException {}

  /** No change of this table from now on may overtake one from before. */
  default void barrier(TableId table) {}

  /** Hands over what was taken. */
  default void flush() {}

  /**
   * Calls the listener with a change that was parked, once. Any thread, while nobody dispatches and
   * all is done.
   */
  default void replay(Delivery change, Replay replay) throws Exception {
    throw new IllegalArgumentException("transactions are not parked");
  }

  /** Nothing is left of what was taken: it will come again. */
  default void startOver() {}

  /** The gate was opened. */
  default void reopen() {}

  /** Somebody waits: nothing may be held back for the sake of more. */
  default void urge() {}

  /** Whether everything that was handed over is done. */
  default boolean isDone() {
    return true;
  }

  /** Whether nothing is being done, nor will be before the gate is opened or a retry is due. */
  default boolean isStill() {
    return true;
  }
}

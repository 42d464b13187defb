package io.waltap.listener;

import io.waltap.event.ChangeEvent;

/**
 * Receives the committed changes of one table.
 *
 * <p><b>Thread and order.</b> All such listeners of an engine are called on one thread, one change
 * at a time, in the order in which transactions committed and, within one, in which its changes
 * were made. The next change waits until this call returns. With {@code workers}, several threads
 * call this listener at once, and only changes of one key wait for each other. While a listener is
 * slow the engine stops reading, and the server keeps the WAL.
 *
 * <p><b>Guarantee.</b> At least once: the engine's position moves past a transaction only after
 * every change of it was accepted by a call that returned. After a crash, changes since the last
 * stored position are delivered again, in the same order, beginning with the first change of a
 * transaction.
 *
 * <p><b>Failure.</b> If the call throws, whatever it throws, a {@link FailureHandler} says what is
 * done; without one the engine stops in state {@link EngineState#FAILED}. The position stays, so
 * that the next start delivers the change again. The failure names table, operation, position, and
 * the kind of exception; what that says itself may quote the row, so it is not logged and stands in
 * the causes of the failure only.
 *
 * <p><b>Stopping.</b> A call may close the engine. It must not wait for the engine to stop or to
 * process, since that waits for the call.
 *
 * @param <T> what a row is delivered as
 */
@FunctionalInterface
public interface ChangeListener<T> {

  /**
   * Takes one change.
   *
   * @param event the change; immutable, may be kept
   * @throws Exception to refuse the change
   */
  void onChange(ChangeEvent<T> event) throws Exception;
}

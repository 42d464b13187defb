package io.waltap.listener;

import io.waltap.event.ChangeEvent;
import java.util.List;

/**
 * Receives the committed changes of one table, several at a time, for work that is cheaper in bulk.
 *
 * <p><b>Thread and order.</b> Called on a thread of its own, one call at a time, with changes in
 * the order in which a {@link ChangeListener} would get them. A batch ends when it is full or its
 * first change has waited long enough, so it may hold the end of one transaction and the beginning
 * of the next.
 *
 * <p><b>Guarantee and failure.</b> As with {@link ChangeListener}: the position moves past a
 * transaction only after all its changes were in a batch that was accepted. If the call throws, the
 * whole batch was refused; what the {@link FailureHandler} says is done with all of it.
 *
 * @param <T> what a row is delivered as
 */
@FunctionalInterface
public interface BatchListener<T> {

  /**
   * Takes some changes.
   *
   * @param changes at least one, in order; immutable, may be kept
   * @throws Exception to refuse them all
   */
  void onChanges(List<ChangeEvent<T>> changes) throws Exception;
}

package io.waltap.listener;

import io.waltap.event.LogicalMessage;

/**
 * Receives messages written with {@code pg_logical_emit_message}. Called like a {@link
 * ChangeListener}: on the same thread, at least once. A transactional message comes in its
 * transaction, among the changes, in the order in which all of them were made. One that is not
 * transactional comes between two transactions, as soon as the server has read it.
 *
 * <p>If the call throws, the engine stops, and the next start delivers the message again.
 */
@FunctionalInterface
public interface MessageListener {

  /**
   * Takes one message.
   *
   * @throws Exception to refuse the message and stop the engine
   */
  void onMessage(LogicalMessage message) throws Exception;
}

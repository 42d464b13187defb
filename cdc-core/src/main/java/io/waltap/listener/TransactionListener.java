package io.waltap.listener;

import io.waltap.event.Transaction;

/**
 * Receives committed transactions, each as a unit. Called on the thread of {@link ChangeListener}s,
 * one call at a time, in the order of the commits; after all of them for a transaction's changes,
 * since it is called at the commit. A transaction that touched none of the tables and emitted no
 * message is left out.
 *
 * <p>A transaction that is larger than allowed comes in several calls, see {@link
 * Transaction#piece}. So do the rows of a snapshot, as one transaction without id.
 *
 * <p>Guarantee and failure are those of {@link ChangeListener}, for the whole transaction: after a
 * crash it comes again from its first piece. It cannot be parked.
 */
@FunctionalInterface
public interface TransactionListener {

  /**
   * Takes one transaction, or a piece of it.
   *
   * @throws Exception to refuse it
   */
  void onTransaction(Transaction transaction) throws Exception;
}

package io.waltap.listener;

import io.waltap.event.ChangeEvent;
import java.sql.Connection;

/**
 * Receives the committed changes of one table together with a connection to the application's
 * database. What it writes there commits in the same transaction as WalTap's position, so that a
 * crash at any moment leaves each change with exactly one effect, or none yet. This holds for what
 * is done on that connection and for nothing else.
 *
 * <p>The connection is that of the {@link io.waltap.offset.JdbcOffsetStore}, which such an engine
 * has to have. WalTap commits, at the end of one or several transactions of the captured database;
 * the listener does not, and gets an exception if it tries. Savepoints are its own affair.
 *
 * <p>Thread, order and failure are those of {@link ChangeListener}. If the connection breaks, or
 * the engine reconnects, what was not committed is undone and delivered again, to other listeners
 * of the engine as well.
 *
 * @param <T> what a row is delivered as
 */
@FunctionalInterface
public interface JdbcListener<T> {

  /**
   * Takes one change.
   *
   * @param change the change; immutable, may be kept
   * @param connection for this call only
   * @throws Exception to refuse the change; what this call wrote is undone
   */
  void onChange(ChangeEvent<T> change, Connection connection) throws Exception;
}

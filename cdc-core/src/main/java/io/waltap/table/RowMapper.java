package io.waltap.table;

import io.waltap.event.Row;

/**
 * Turns a row into an application's type. Called before the listener, on its thread; what it throws
 * stops the engine as if the listener had thrown it.
 *
 * @param <T> the application's type
 */
@FunctionalInterface
public interface RowMapper<T> {

  /** Reads one row. */
  T map(Row row);
}

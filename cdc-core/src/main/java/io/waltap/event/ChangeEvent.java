package io.waltap.event;

import org.jspecify.annotations.Nullable;

/**
 * One committed change of one table. Each operation is a record of its own that has just what that
 * operation has; switch over {@link #operation()} on Java 17, over the records themselves on Java
 * 21.
 *
 * @param <T> what a row is delivered as: a record, a bean, or {@link Row}
 */
public sealed interface ChangeEvent<T> {

  /** Where and when it happened. */
  ChangeMetadata metadata();

  /** Which of the records this is. */
  Operation operation();

  /** The table; short for {@code metadata().table()}. */
  default TableId table() {
    return metadata().table();
  }

  /**
   * A row that the snapshot found.
   *
   * @param key the columns of the primary key, or of the index that the table's replica identity
   *     was set to, since that decides what a delete carries; without columns if the table has
   *     neither. Under {@code REPLICA IDENTITY FULL} the server does not tell the key, and today's
   *     is taken; a change from before the table had all columns of that one has a key without
   *     columns
   * @param after the row
   */
  record Read<T>(ChangeMetadata metadata, Row key, T after) implements ChangeEvent<T> {
    @Override
    public Operation operation() {
      return Operation.READ;
    }
  }

  /**
   * A row that was inserted.
   *
   * @param key as in {@link Read}
   * @param after the row
   */
  record Insert<T>(ChangeMetadata metadata, Row key, T after) implements ChangeEvent<T> {
    @Override
    public Operation operation() {
      return Operation.INSERT;
    }
  }

  /**
   * A row that was updated. A changed primary key is this one event too, with both keys.
   *
   * @param key the key after the update, as in {@link Read}
   * @param previousKey the key before the update if it changed, else null
   * @param before the whole row before the update; null unless the table has {@code REPLICA
   *     IDENTITY FULL}
   * @param after the row after the update
   */
  record Update<T>(
      ChangeMetadata metadata, Row key, @Nullable Row previousKey, @Nullable T before, T after)
      implements ChangeEvent<T> {

    /** Whether the update changed the key. */
    public boolean keyChanged() {
      return previousKey != null;
    }

    @Override
    public Operation operation() {
      return Operation.UPDATE;
    }
  }

  /**
   * A row that was deleted.
   *
   * @param key as in {@link Read}
   * @param before the whole row; null unless the table has {@code REPLICA IDENTITY FULL}
   */
  record Delete<T>(ChangeMetadata metadata, Row key, @Nullable T before) implements ChangeEvent<T> {
    @Override
    public Operation operation() {
      return Operation.DELETE;
    }
  }

  /** All rows of the table were removed by {@code TRUNCATE}; one event for each table it named. */
  record Truncate<T>(ChangeMetadata metadata) implements ChangeEvent<T> {
    @Override
    public Operation operation() {
      return Operation.TRUNCATE;
    }
  }
}

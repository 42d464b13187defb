package io.waltap.event;

/** What happened to a row or a table; {@link ChangeEvent} has one record for each. */
public enum Operation {
  /** The row was there when the snapshot was taken. */
  READ,
  /** The row was inserted. */
  INSERT,
  /** The row was updated, its key perhaps with it. */
  UPDATE,
  /** The row was deleted. */
  DELETE,
  /** All rows of the table were removed at once. */
  TRUNCATE
}

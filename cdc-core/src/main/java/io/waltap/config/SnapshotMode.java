package io.waltap.config;

/**
 * What an engine does with the rows that exist when it starts for the first time, and whether it
 * may begin again with them by itself.
 */
public enum SnapshotMode {
  /**
   * Delivers every existing row once as {@code Read}, then streams from that very point. A later
   * start resumes; if it cannot without losing changes, it refuses and says why. The default.
   */
  INITIAL,
  /**
   * As {@link #INITIAL}; but when the stored position cannot be resumed, a start says so at WARN,
   * drops the slot if it still exists, and begins again with a fresh snapshot, which delivers every
   * row that exists then as {@code Read}. Changes in between, deletions among them, are not
   * delivered one by one. For listeners that can take a table as a whole anew.
   *
   * <p>A position cannot be resumed if it is missing although the slot exists, if the slot is gone
   * or was invalidated by the server, if the slot was confirmed beyond it, or if the server was
   * promoted or restored to a point before it. What looks like a mistake in the configuration still
   * stops the start: a store that belongs to another server, slot or publication, or that cannot be
   * read, and a server that is older than the one the position comes from.
   */
  WHEN_NEEDED,
  /** Delivers none of them; streams from where the slot stands. */
  NEVER
}

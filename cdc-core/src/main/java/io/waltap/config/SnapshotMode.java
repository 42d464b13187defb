package io.waltap.config;

/** What an engine does with the rows that exist when it starts for the first time. */
public enum SnapshotMode {
  /**
   * Delivers every existing row once as {@code Read}, then streams from that very point. The
   * default.
   */
  INITIAL,
  /** Delivers none of them; streams from where the slot stands. */
  NEVER
}

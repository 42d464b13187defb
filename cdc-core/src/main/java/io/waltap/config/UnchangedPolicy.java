package io.waltap.config;

/**
 * What a record or bean gets for a column that the server did not send, because an update left its
 * large (TOAST) value as it was and the replica identity did not give the value before. A component
 * of type {@code Column} is told so under either policy.
 */
public enum UnchangedPolicy {
  /** The engine stops, naming the component and the remedy, and the position stays. The default. */
  FAIL,
  /**
   * The component becomes null, as if the column were null; a primitive still stops the engine. For
   * types that need not tell the two apart.
   */
  NULL
}

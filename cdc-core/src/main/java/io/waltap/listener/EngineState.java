package io.waltap.listener;

/** What an engine is doing. */
public enum EngineState {
  /** Checking and connecting. */
  STARTING,
  /** Reading the rows that are there; changes made meanwhile follow afterwards. */
  SNAPSHOTTING,
  /** Delivering changes as they are committed. */
  STREAMING,
  /**
   * The connection was lost, or the position could not be stored. It is tried again until that
   * works, or until it turns out that it cannot.
   */
  RECONNECTING,
  /** Finishing what is in flight before it closes. */
  STOPPING,
  /** Closed on request; the position is stored. Final. */
  STOPPED,
  /** Ended by a failure; the position is stored. Final. */
  FAILED;

  /** Whether no other state follows. */
  public boolean isFinal() {
    return this == STOPPED || this == FAILED;
  }
}

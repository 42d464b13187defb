package io.waltap.chaos;

/** When a fault strikes. */
enum Moment {
  /** The rows of a snapshot are read, or it is being prepared. */
  SNAPSHOT,
  /** The process has just been started: it checks, connects, reads a snapshot. */
  START_UP,
  /** The stream has just been opened; what was missed or is repeated comes in. */
  CATCH_UP,
  /** Changes come as they are committed. */
  LOAD,
  /** Nobody writes. */
  IDLE;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }
}

package io.waltap.internal.dispatch;

import org.jspecify.annotations.Nullable;

/** What happens while listeners are called. */
interface Script {

  /** A listener is called; throws a {@link Flaw} if none may be. */
  void called();

  /**
   * Lets something else happen.
   *
   * @param waits whether the calling thread may wait afterwards
   */
  void meanwhile(boolean waits);

  /** Whether the call at hand fails. */
  boolean fails();

  /** A number from 0. */
  int any(int bound);

  /** Writes something into the story. */
  void note(String format, @Nullable Object... what);

  /** A listener was called as it must not be. */
  void flawed(Flaw flaw);
}

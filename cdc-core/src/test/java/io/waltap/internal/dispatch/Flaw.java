package io.waltap.internal.dispatch;

import java.io.Serial;

/** What must never happen has happened. */
final class Flaw extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  Flaw(String what) {
    super(what);
  }

  static void unless(boolean holds, String format, Object... arguments) {
    if (!holds) {
      throw new Flaw(format.formatted(arguments));
    }
  }
}

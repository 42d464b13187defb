package io.waltap.internal.dispatch;

import java.io.Serial;

/**
 * A change was neither accepted nor refused: the engine stops, and it waited for its turn or for
 * another attempt.
 */
public final class AbandonedException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  AbandonedException() {
    super("the engine stops", null, false, false);
  }
}

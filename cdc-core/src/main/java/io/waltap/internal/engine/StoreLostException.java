package io.waltap.internal.engine;

import java.io.Serial;

/** The offset store is this engine's no longer. */
public final class StoreLostException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  StoreLostException(IllegalStateException cause) {
    super(cause.getMessage(), cause);
  }
}

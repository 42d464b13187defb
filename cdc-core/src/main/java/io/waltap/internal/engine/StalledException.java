package io.waltap.internal.engine;

import java.io.IOException;
import java.io.Serial;

/** The connection seems to be there, but nothing comes through it. */
final class StalledException extends IOException {

  @Serial private static final long serialVersionUID = 1L;

  StalledException(String message) {
    super(message);
  }
}

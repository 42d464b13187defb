package io.waltap.internal.engine;

import java.io.Serial;
import java.util.Objects;

/** The server cannot be used at the moment. Its cause tells why. */
public final class UnavailableException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  public UnavailableException(Throwable cause) {
    super(cause.getMessage(), cause);
  }

  @Override
  public synchronized Throwable getCause() {
    return Objects.requireNonNull(super.getCause());
  }
}

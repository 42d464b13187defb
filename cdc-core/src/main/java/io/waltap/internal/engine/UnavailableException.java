package io.waltap.internal.engine;

import java.io.Serial;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The server cannot be used at the moment. Its cause tells why. */
public final class UnavailableException extends Exception {

  @Serial private static final long serialVersionUID = 1L;

  private final @Nullable Duration patience;

  /** However long it takes. */
  public UnavailableException(Throwable cause) {
    this(cause, null);
  }

  /**
   * For a time only.
   *
   * @param patience how long, from the first time that this is said of one outage; the cause ends
   *     the engine then. Null for however long it takes
   */
  public UnavailableException(Throwable cause, @Nullable Duration patience) {
    super(cause.getMessage(), cause);
    this.patience = patience;
  }

  @Nullable Duration patience() {
    return patience;
  }

  @Override
  public synchronized Throwable getCause() {
    return Objects.requireNonNull(super.getCause());
  }
}

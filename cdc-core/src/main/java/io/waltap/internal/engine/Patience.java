package io.waltap.internal.engine;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How long one outage has been put down to something that passes only if it passes soon. */
final class Patience {

  private @Nullable Long since;

  /**
   * Whether it has lasted too long.
   *
   * @param limit how long it may last since this was first asked with a limit; null for ever
   */
  boolean isOver(@Nullable Duration limit) {
    if (limit == null) {
      return false;
    }
    long now = System.nanoTime();
    if (since == null) {
      since = now;
    }
    return now - since > limit.toNanos();
  }
}

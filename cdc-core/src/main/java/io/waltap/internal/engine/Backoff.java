package io.waltap.internal.engine;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait before the next try: at first next to nothing, then twice as long each time.
 * Half of it is random, so that many engines do not come back to a server at the same moment.
 */
final class Backoff {

  static final Duration LONGEST = Duration.ofSeconds(3);

  private static final Duration SHORTEST = Duration.ofMillis(100);

  private Duration next = SHORTEST;

  Duration next() {
    long millis = next.toMillis();
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return Duration.ofMillis(millis / 2 + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
  }

  void reset() {
    next = SHORTEST;
  }
}

package io.waltap.generator;

import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/**
 * The time of seeded rows, which passes as in a day of shopping: rows follow each other up to ten
 * times as fast in the evening as in the depth of night.
 */
final class Rhythm {

  /** The longest gap in milliseconds, hour by hour. */
  private static final int[] LONGEST_GAP = {
    500, 700, 900, 1_000, 1_000, 900, 600, 350, 250, 200, 180, 150,
    120, 140, 180, 180, 160, 130, 100, 100, 110, 150, 250, 350
  };

  private final Random random;
  private LocalDateTime next;

  Rhythm(LocalDateTime start, Random random) {
    this.random = random;
    this.next = start.truncatedTo(ChronoUnit.MILLIS);
  }

  LocalDateTime next() {
    LocalDateTime now = next;
    next = now.plus(1 + random.nextInt(LONGEST_GAP[now.getHour()]), ChronoUnit.MILLIS);
    return now;
  }
}

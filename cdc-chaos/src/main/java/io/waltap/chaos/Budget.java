package io.waltap.chaos;

import io.waltap.generator.Durations;
import java.time.Duration;
import java.util.Random;

/**
 * How much is to happen: the campaign ends when all of it has.
 *
 * @param seed of everything that is drawn
 * @param duration how long at least
 * @param kills how often the consumer is killed at least
 * @param faults how many other faults there are at least
 * @param rows how many rows are written at least
 */
record Budget(long seed, Duration duration, int kills, int faults, long rows) {

  /** What {@code mvn verify} can afford. */
  private static final int KILLS = 42;

  private static final int FAULTS = 23;

  /** From the system properties seed, duration, kills, faults and rows. */
  static Budget fromProperties() {
    String seed = System.getProperty("seed", "");
    return new Budget(
        seed.isEmpty() ? new Random().nextInt(Integer.MAX_VALUE) : Long.parseLong(seed),
        Durations.parse(System.getProperty("duration", "0s")),
        Integer.getInteger("kills", KILLS),
        Integer.getInteger("faults", FAULTS),
        Long.getLong("rows", 0));
  }

  boolean isSpent(Duration elapsed, int kills, int faults, long rows) {
    return elapsed.compareTo(duration) >= 0
        && kills >= this.kills
        && faults >= this.faults
        && rows >= this.rows;
  }

  /** The part of all steps that are kills. */
  double partOfKills() {
    return (double) kills / Math.max(1, kills + faults);
  }

  /** What to type to have the same happen again. */
  String command() {
    return "mvn verify -Pchaos -Dseed=%d -Dduration=%s -Dkills=%d -Dfaults=%d -Drows=%d"
        .formatted(seed, duration, kills, faults, rows);
  }
}

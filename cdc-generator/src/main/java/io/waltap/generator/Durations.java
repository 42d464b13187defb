package io.waltap.generator;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;

/** Durations as people type them: {@code 20s}, {@code 5m}, {@code 1h30m}, or ISO {@code PT20S}. */
public final class Durations {

  private Durations() {}

  /**
   * Reads one; upper and lower case mean the same.
   *
   * @throws IllegalArgumentException if {@code text} is none
   */
  public static Duration parse(String text) {
    String upper = text.toUpperCase(Locale.ROOT);
    try {
      return Duration.parse(upper.startsWith("P") ? upper : "PT" + upper);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a duration: write it like 20s, 5m or PT20S.", e);
    }
  }
}

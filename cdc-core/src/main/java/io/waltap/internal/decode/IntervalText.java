package io.waltap.internal.decode;

import java.time.Duration;
import java.time.Period;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Intervals in {@code IntervalStyle postgres}, such as {@code 1 year -2 mons +3 days 04:05:06.7}.
 * PostgreSQL keeps months, days and time apart, since none is a fixed number of the next; what Java
 * has for one of them does not take the others.
 */
final class IntervalText {

  private static final Pattern PATTERN =
      Pattern.compile(
          "(?:([-+]?\\d+) years? ?)?(?:([-+]?\\d+) mons? ?)?(?:([-+]?\\d+) days? ?)?"
              + "(?:([-+]?)(\\d+):(\\d\\d):(\\d\\d)(?:\\.(\\d{1,6}))?)?");

  private final Matcher parts;

  private IntervalText(String text) {
    if (text.endsWith("infinity")) {
      throw new UnreadableException("infinity has no such form; read it as String");
    }
    this.parts = PATTERN.matcher(text);
    if (!parts.matches()) {
      throw new UnreadableException("the value is not in IntervalStyle postgres");
    }
  }

  static Period period(String text) {
    IntervalText interval = new IntervalText(text);
    if (!interval.time().isZero()) {
      throw new UnreadableException("the interval has a time; read it as Duration or String");
    }
    return interval.date();
  }

  static Duration duration(String text) {
    IntervalText interval = new IntervalText(text);
    if (!interval.date().isZero()) {
      throw new UnreadableException(
          "the interval has days or months, whose length varies; read it as Period or String");
    }
    return interval.time();
  }

  private Period date() {
    return Period.of(
        Math.toIntExact(number(1)), Math.toIntExact(number(2)), Math.toIntExact(number(3)));
  }

  private Duration time() {
    Duration time =
        Duration.ofHours(number(5)).plusMinutes(number(6)).plusSeconds(number(7)).plus(micros());
    return "-".equals(parts.group(4)) ? time.negated() : time;
  }

  private Duration micros() {
    String digits = parts.group(8);
    return digits == null
        ? Duration.ZERO
        : Duration.ofNanos(Long.parseLong((digits + "00000000").substring(0, 9)));
  }

  private long number(int group) {
    @Nullable String digits = parts.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}

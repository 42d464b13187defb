package io.waltap.generator;

import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A whole number that is fixed, or drawn anew each time, each number as likely as the others.
 *
 * @param least 1 or more
 * @param most as much as {@code least} or more; drawn, too
 */
public record Range(int least, int most) {

  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(?:\\.\\.(\\d{1,9}))?");

  /**
   * @throws IllegalArgumentException if the bounds are less than 1 or in the wrong order
   */
  public Range {
    if (least < 1) {
      throw new IllegalArgumentException("is " + least + ": it must be 1 or more.");
    }
    if (most < least) {
      throw new IllegalArgumentException(
          "is %d..%d: the first must not be the greater one.".formatted(least, most));
    }
  }

  /** Always the same number. */
  public static Range of(int number) {
    return new Range(number, number);
  }

  /**
   * Reads {@code 10} or {@code 1..50}.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Range parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'" + text + "' is not a number of 1 or more or a range: write it like 10 or 1..50.");
    }
    int least = Integer.parseInt(form.group(1));
    try {
      return new Range(least, form.group(2) == null ? least : Integer.parseInt(form.group(2)));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("It " + e.getMessage(), e);
    }
  }

  /** A fixed number costs no draw. */
  int draw(Random random) {
    return least == most ? least : least + random.nextInt(most - least + 1);
  }
}

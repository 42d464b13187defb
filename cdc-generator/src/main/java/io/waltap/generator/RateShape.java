package io.waltap.generator;

import java.time.Duration;
import java.util.Locale;

/**
 * How many rows are due at which time.
 *
 * @param form how the rate goes between {@code rate} and {@code peak}
 * @param rate rows a second at least; 0 means as fast as possible
 * @param peak rows a second at most
 * @param period how long a ramp takes, and how long a burst or a wave with its pause
 */
public record RateShape(Form form, double rate, double peak, Duration period) {

  /** The part of a period that is a burst. */
  private static final double BURST = 0.1;

  private static final int BISECTIONS = 60;

  /** How a rate goes. */
  public enum Form {
    /** Always the rate. */
    STEADY,
    /** From the rate to the peak within the period, where it stays. */
    RAMP,
    /** The peak in the first tenth of each period, the rate else. */
    BURST,
    /** A wave from the rate to the peak and back within each period. */
    SINE;

    static Form parse(String text) {
      for (Form form : values()) {
        if (form.word().equals(text)) {
          return form;
        }
      }
      throw new IllegalArgumentException(
          "There is no shape '" + text + "': it is steady, ramp, burst or sine.");
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @throws IllegalArgumentException if a number is negative or too large, the peak is below the
   *     rate, or the rate is 0 and not steady
   */
  public RateShape {
    Workload.require(rate >= 0 && rate <= 1e9, "The rate", rate, "0 or more");
    Workload.require(peak >= rate && peak <= 1e9, "The peak", peak, "the rate or more");
    Workload.require(
        period.compareTo(Duration.ofMillis(1)) >= 0, "The period", period, "1 ms or more");
    if (rate == 0 && form != Form.STEADY) {
      throw new IllegalArgumentException(
          "The shape " + form.word() + " needs a rate to start from: give one above 0.");
    }
  }

  /** Always the same rate. */
  public static RateShape steady(double rate) {
    return new RateShape(Form.STEADY, rate, rate, Duration.ofMinutes(1));
  }

  boolean isUnlimited() {
    return rate == 0;
  }

  /** What one of so many writers has to do. */
  RateShape share(int writers) {
    return new RateShape(form, rate / writers, peak / writers, period);
  }

  /** How many nanoseconds after the start the row with this number, from 0, is due. */
  long dueNanos(long row) {
    if (isUnlimited()) {
      return 0;
    }
    if (form == Form.STEADY) {
      return (long) (row * (1e9 / rate));
    }
    double early = row / peak;
    double late = row / rate;
    for (int i = 0; i < BISECTIONS && late - early > 1e-9; i++) {
      double middle = (early + late) / 2;
      if (rowsBy(middle) < row) {
        early = middle;
      } else {
        late = middle;
      }
    }
    return (long) (late * 1e9);
  }

  /** The tokens that came into the bucket within the first so many seconds. */
  double rowsBy(double seconds) {
    double length = period.toNanos() / 1e9;
    double more = peak - rate;
    return rate * seconds
        + switch (form) {
          case STEADY -> 0;
          case RAMP ->
              seconds < length
                  ? more * seconds * seconds / (2 * length)
                  : more * (seconds - length / 2);
          case BURST -> {
            double whole = Math.floor(seconds / length);
            double rest = seconds - whole * length;
            yield more * BURST * length * whole + more * Math.min(rest, BURST * length);
          }
          case SINE ->
              more
                  / 2
                  * (seconds - length / (2 * Math.PI) * Math.sin(2 * Math.PI * seconds / length));
        };
  }
}

package io.waltap.generator;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How much is written, when, and by how many. */
final class ShapeOptions {

  private static final int BURST_OVER_RATE = 10;

  @Option(
      names = "--rate",
      description =
          "Rows a second on average, whole transactions at a time; default: 0, as fast as possible."
              + " What is rolled back, truncates and rows that others deleted count, too.")
  private Double rate = 0.0;

  @Option(
      names = "--shape",
      description =
          "How the rate goes: steady (default), ramp to the peak within a period, burst in the"
              + " first tenth of each period, or sine between rate and peak.")
  private RateShape.Form form = RateShape.Form.STEADY;

  @Option(
      names = "--peak",
      description = "Rows a second at most, if not steady; default: ten times the rate.")
  private @Nullable Double peak;

  @Option(
      names = "--period",
      description = "Of a ramp, or of a burst or wave with its pause; default: 60s.")
  private Duration period = Duration.ofMinutes(1);

  @Option(names = "--writers", description = "Connections that write at the same time; default: 1.")
  private Integer writers = 1;

  @Option(
      names = "--rows-per-transaction",
      description = "A number or a range to draw from, such as 1..50; default: 10.")
  private Range rows = Range.of(10);

  @Option(
      names = "--mix",
      description =
          "How often each operation is chosen; default: insert=70,update=20,delete=10. Also: key,"
              + " an update of the primary key, and truncate.")
  private Mix mix = Mix.DEFAULT;

  @Option(
      names = "--insert",
      description = "How new rows are sent: rows (default, one by one), batch or copy.")
  private InsertStyle insert = InsertStyle.ROWS;

  @Option(
      names = "--payload",
      description =
          "Adds a column with texts of so many characters, or of a range; beyond some 2000 the"
              + " server stores them apart (TOAST).")
  private @Nullable Range payload;

  @Spec(Spec.Target.MIXEE)
  private @Nullable CommandSpec command;

  void apply(Workload.Builder builder) {
    builder.rate(rate()).writers(writers).rowsPerTransaction(rows).mix(mix).inserts(insert);
    if (payload != null) {
      builder.payload(payload);
    }
  }

  private RateShape rate() {
    if (form == RateShape.Form.STEADY) {
      refuse("--peak", "A steady rate has no peak: give a --shape too, or leave --peak out.");
      refuse("--period", "A steady rate has no period: give a --shape too, or leave --period out.");
      return RateShape.steady(rate);
    }
    return new RateShape(form, rate, peak == null ? rate * BURST_OVER_RATE : peak, period);
  }

  /** What comes from a preset and the like is passed over: nobody can leave that out. */
  private void refuse(String option, String sentence) {
    if (isGiven(command, option)) {
      throw new IllegalArgumentException(sentence);
    }
  }

  /** Whether the command line itself has it. */
  static boolean isGiven(@Nullable CommandSpec command, String option) {
    return command != null && command.commandLine().getParseResult().hasMatchedOption(option);
  }
}

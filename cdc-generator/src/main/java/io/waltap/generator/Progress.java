package io.waltap.generator;

import java.time.Duration;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;

/** The bar on standard error: rows of a count, or seconds of a duration. */
final class Progress implements AutoCloseable {

  private final ProgressBar bar;
  private final boolean inSeconds;
  private final long start = System.nanoTime();
  private final @Nullable SlotLag lag;

  /**
   * @param lag of the consumer, if it is known
   */
  Progress(long count, @Nullable Duration duration, @Nullable SlotLag lag) {
    this.inSeconds = duration != null;
    this.lag = lag;
    this.bar =
        new ProgressBarBuilder()
            .setTaskName("Writing")
            .setStyle(ProgressBarStyle.ASCII)
            .setUnit(inSeconds ? " s" : " rows", 1)
            .setInitialMax(duration == null ? count : Math.max(1, duration.toSeconds()))
            .showSpeed()
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .build();
  }

  void show(Totals totals) {
    bar.stepTo(inSeconds ? elapsedSeconds() : totals.all());
    bar.setExtraMessage(totals.all() + " rows" + (lag == null ? "" : ", " + lag.words()));
  }

  private long elapsedSeconds() {
    return Math.min(bar.getMax(), Duration.ofNanos(System.nanoTime() - start).toSeconds());
  }

  @Override
  public void close() {
    if (inSeconds) {
      bar.stepTo(elapsedSeconds());
    }
    bar.close();
  }
}

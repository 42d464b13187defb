package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Lag;
import io.waltap.generator.audit.AuditReport.Moment;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Date;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Objects;
import java.util.TimeZone;
import java.util.function.Function;
import java.util.stream.Stream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendLayout;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** The plots of a report, as PNG. Needs no display, but a font. */
final class Plots {

  private static final int WIDTH = 960;
  private static final int HEIGHT = 300;

  /** From how many times the least on the lags have a logarithmic scale. */
  private static final int WIDE = 30;

  private Plots() {}

  static byte[] rate(List<Moment> moments) {
    XYChart chart = chart("changes per second");
    chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.StepArea);
    chart.getStyler().setLegendVisible(false);
    List<Date> times = new ArrayList<>();
    List<Double> rates = new ArrayList<>();
    for (Moment moment : moments) {
      times.add(Date.from(moment.begin()));
      rates.add(moment.changes() / (moment.length().toNanos() / 1e9));
    }
    // The last step needs an end.
    Moment last = moments.get(moments.size() - 1);
    times.add(Date.from(last.begin().plus(last.length())));
    rates.add(rates.get(rates.size() - 1));
    chart
        .addSeries("changes", times, rates)
        .setMarker(SeriesMarkers.NONE)
        .setLineColor(new Color(0x1F5FA8))
        .setFillColor(new Color(0xBBD4F0));
    return png(chart);
  }

  /** Needs one moment with a lag. */
  static byte[] lag(List<Moment> moments) {
    XYChart chart = chart("lag in ms");
    chart.getStyler().setMarkerSize(4);
    scale(chart, moments);
    addLag(chart, "max", moments, Lag::max, new Color(0xC0392B));
    addLag(chart, "p99", moments, Lag::p99, new Color(0xE69F00));
    addLag(chart, "median", moments, Lag::median, new Color(0x1F5FA8));
    return png(chart);
  }

  /** Logarithmic, with whole decades for its labels, only where the lags differ that much. */
  private static void scale(XYChart chart, List<Moment> moments) {
    DoubleSummaryStatistics lags =
        moments.stream()
            .map(Moment::lag)
            .filter(Objects::nonNull)
            .flatMap(lag -> Stream.of(lag.median(), lag.max()))
            .mapToDouble(Plots::millis)
            .summaryStatistics();
    if (lags.getMax() < WIDE * lags.getMin()) {
      chart.getStyler().setYAxisMin(0.0);
    } else {
      chart
          .getStyler()
          .setYAxisLogarithmic(true)
          .setYAxisMin(Math.pow(10, Math.floor(Math.log10(lags.getMin()))))
          .setYAxisMax(Math.pow(10, Math.ceil(Math.log10(lags.getMax()))));
    }
  }

  // A logarithm has no place for zero, nor a clock for less than a microsecond.
  private static double millis(Duration lag) {
    return Math.max(0.001, lag.toNanos() / 1e6);
  }

  private static void addLag(
      XYChart chart,
      String name,
      List<Moment> moments,
      Function<Lag, Duration> percentile,
      Color color) {
    List<Date> times = new ArrayList<>();
    List<Double> lags = new ArrayList<>();
    for (Moment moment : moments) {
      Lag lag = moment.lag();
      times.add(Date.from(moment.begin()));
      lags.add(lag == null ? Double.NaN : millis(percentile.apply(lag)));
    }
    chart
        .addSeries(name, times, lags)
        .setMarker(SeriesMarkers.CIRCLE)
        .setMarkerColor(color)
        .setLineColor(color)
        .setLineStyle(new BasicStroke(1.2f));
  }

  private static XYChart chart(String what) {
    XYChart chart =
        new XYChartBuilder().width(WIDTH).height(HEIGHT).yAxisTitle(what).xAxisTitle("UTC").build();
    chart
        .getStyler()
        .setTimezone(TimeZone.getTimeZone("UTC"))
        .setChartBackgroundColor(Color.WHITE)
        .setLegendPosition(LegendPosition.OutsideS)
        .setLegendLayout(LegendLayout.Horizontal)
        .setLegendBorderColor(Color.WHITE)
        .setPlotBorderVisible(false);
    return chart;
  }

  private static byte[] png(XYChart chart) {
    try {
      return BitmapEncoder.getBitmapBytes(chart, BitmapFormat.PNG);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory does not fail
    }
  }
}

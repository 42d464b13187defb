package io.waltap.benchmarks;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.DoubleStream;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.style.Styler;

/** The medians of one section in one unit, as bars. */
final class Plot {

  private static final int HEIGHT = 480;
  private static final int WIDTH_A_METRIC = 170;

  /** A name longer than this runs into the next one if it lies flat. */
  private static final int LONG_NAME = 22;

  /** From here on, small bars beside large ones could not be seen. */
  private static final double WIDE_RANGE = 30;

  private Plot() {}

  /** Writes an SVG. */
  static void write(Section section, List<Metric> metrics, Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(260 + WIDTH_A_METRIC * metrics.size())
            .height(HEIGHT)
            .title(section.title())
            .yAxisTitle(metrics.get(0).unit())
            .build();
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    List<String> names = metrics.stream().map(Metric::name).toList();
    if (names.stream().anyMatch(name -> name.length() > LONG_NAME)) {
      chart.getStyler().setXAxisLabelRotation(20);
    }
    for (String candidate : section.candidates()) {
      List<Double> medians =
          metrics.stream().map(m -> finite(section.median(m, candidate))).toList();
      chart.addSeries(candidate, names, medians);
    }
    scale(chart, section, metrics);
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsFormat.SVG);
  }

  /** What was not measured has no bar. */
  private static double finite(double median) {
    return Double.isNaN(median) ? 0 : median;
  }

  private static void scale(CategoryChart chart, Section section, List<Metric> metrics) {
    double[] all =
        section.candidates().stream()
            .flatMapToDouble(c -> metrics.stream().mapToDouble(m -> section.median(m, c)))
            .map(Plot::finite)
            .toArray();
    double most = DoubleStream.of(all).max().orElse(1);
    double least = DoubleStream.of(all).min().orElse(1);
    if (least > 0 && most / least > WIDE_RANGE) {
      chart.getStyler().setYAxisLogarithmic(true);
      chart.getStyler().setYAxisMin(Math.pow(10, Math.floor(Math.log10(least / 2))));
    }
  }
}

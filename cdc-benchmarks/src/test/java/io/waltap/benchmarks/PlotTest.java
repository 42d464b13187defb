package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlotTest {

  private static final Metric WAIT = new Metric("p50", "ms", 2);

  private final Section section = new Section("Latency", "", Candidates.few());

  @TempDir private Path folder;

  @Test
  void barsOfAllSizesAreDrawn() throws Exception {
    section.add(WAIT, Candidates.RAW, 1);
    section.add(WAIT, Candidates.CONNECT, 400);
    section.add(WAIT, Candidates.RECORD, 2);

    assertDrawn();
  }

  @Test
  void whatIsNothingOrWasNotMeasuredHasNoBar() throws Exception {
    section.add(WAIT, Candidates.RAW, 0);
    section.add(WAIT, Candidates.CONNECT, 400);
    section.fail(WAIT, Candidates.RECORD, "out of memory");

    assertDrawn();
  }

  private void assertDrawn() throws Exception {
    Path file = folder.resolve("latency.svg");
    Plot.write(section, List.of(WAIT), file);
    assertThat(file).content().contains("</svg>", "<path");
  }
}

package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.AuditReport.Finding;
import io.waltap.generator.audit.AuditReport.Lag;
import io.waltap.generator.audit.AuditReport.Moment;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

  private static final String HOSTILE =
      "<script>alert('x')</script> & \"quoted\" %s %1$s </li><img src=x onerror=alert(1)>";

  private static Lag lag(int millis) {
    Duration one = Duration.ofMillis(millis);
    return new Lag(
        one, one.multipliedBy(2), one.multipliedBy(3), one.multipliedBy(4), one.multipliedBy(5));
  }

  private static AuditReport report(
      Map<Defect, Finding> findings, @Nullable Lag lag, List<Moment> moments) {
    return new AuditReport(1_234_567, 1_234_560, 12, 3, 100, 2, 0, findings, lag, moments);
  }

  private static List<Moment> moments(boolean lags) {
    Instant begin = Instant.parse("2026-01-01T00:00:00Z");
    Duration length = Duration.ofMillis(100);
    List<Moment> moments = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      moments.add(
          new Moment(
              begin.plus(length.multipliedBy(i)),
              length,
              i * 10L,
              lags && i % 5 != 0 ? lag(i) : null));
    }
    return moments;
  }

  private static List<BufferedImage> images(String html) throws IOException {
    List<BufferedImage> images = new ArrayList<>();
    Pattern image = Pattern.compile("src=\"data:image/png;base64,([^\"]*)\"");
    for (MatchResult found : image.matcher(html).results().toList()) {
      images.add(
          ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(found.group(1)))));
    }
    return images;
  }

  private static int colours(BufferedImage image) {
    Set<Integer> colours = new HashSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        colours.add(image.getRGB(x, y));
      }
    }
    return colours.size();
  }

  @Test
  void valuesOfRowsAreOnlyText() {
    Map<Defect, Finding> findings =
        Map.of(
            Defect.ALTERED,
            new Finding(1, List.of(HOSTILE)),
            Defect.MISSING,
            new Finding(7_000, List.of()));
    String html = report(findings, lag(1), List.of()).toHtml();
    assertThat(html)
        .contains(
            "<li>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot; %s %1$s"
                + " &lt;/li&gt;&lt;img src=x onerror=alert(1)&gt;</li>")
        .doesNotContain("<script", "<img")
        .contains("Defects: 7,000 missing, 1 altered.")
        .contains("default-src 'none'");
  }

  @Test
  void verdictCountsAndPercentilesAreThere() throws IOException {
    String html = report(Map.of(), lag(3), moments(true)).toHtml();
    assertThat(html)
        .contains("Clean: every committed change was delivered as it should.")
        .contains("1,234,567", "1,234,560")
        .containsPattern("Median</td><td class=\"number\">3.0 ms")
        .containsPattern("90 %</td><td class=\"number\">6.0 ms")
        .containsPattern("99 %</td><td class=\"number\">12.0 ms")
        .containsPattern("Maximum</td><td class=\"number\">15.0 ms")
        .doesNotContain("http://", "https://", "<script");
    assertThat(images(html)).hasSize(2).allMatch(image -> colours(image) > 5);
  }

  @Test
  void withoutTimesOfDeliveryThereIsNoLag() throws IOException {
    String html = report(Map.of(), null, moments(false)).toHtml();
    assertThat(html)
        .contains("Not known: the recording has no times of delivery.")
        .contains("by the time of their commits");
    assertThat(images(html)).hasSize(1);
  }

  @Test
  void oneMomentAndNoneAreDrawnToo() throws IOException {
    List<Moment> one = List.of(moments(true).get(1));
    assertThat(images(report(Map.of(), lag(0), one).toHtml())).hasSize(2);
    assertThat(report(Map.of(), null, List.of()).toHtml()).contains("Nothing was delivered.");
  }
}

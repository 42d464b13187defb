package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.AuditReport.Lag;
import io.waltap.generator.audit.AuditReport.Moment;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A report as one page of HTML that needs nothing but itself, not even a script. */
final class HtmlReport {

  // The policy lets nothing run or load, should ever a value get past the escaping.
  private static final String PAGE =
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
      <meta name="viewport" content="width=device-width">
      <title>WalTap audit: %1$s</title>
      <style>
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222 }
      .verdict { padding: .8rem 1rem; border-radius: .4rem; color: #fff; font-size: 1.2rem }
      .clean { background: #1d7a46 } .defects { background: #b3261e }
      table { border-collapse: collapse; width: 100%% }
      th, td { text-align: left; vertical-align: top; padding: .4rem .8rem .4rem 0; border-bottom: 1px solid #ddd }
      .narrow { width: auto; min-width: 24rem }
      .number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums }
      ul { margin: 0; padding-left: 1.2rem; font-family: ui-monospace, monospace; font-size: .8rem; overflow-wrap: anywhere }
      img { max-width: 100%% } .none { color: #777 }
      </style>
      </head>
      <body>
      <h1>WalTap audit</h1>
      <p class="verdict %2$s">%1$s</p>
      <h2>Counts</h2>
      <table class="narrow">%3$s</table>
      <h2>Findings</h2>
      <table><tr><th>Defect</th><th class="number">Count</th><th>Examples</th></tr>%4$s</table>
      <h2>Lag from commit to delivery</h2>
      %5$s
      <h2>Over time</h2>
      %6$s
      </body>
      </html>
      """;

  private HtmlReport() {}

  static String of(AuditReport report) {
    StringBuilder findings = new StringBuilder();
    for (Defect defect : Defect.values()) {
      findings.append(finding(report, defect));
    }
    return PAGE.formatted(
        escaped(verdict(report)),
        report.isClean() ? "clean" : "defects",
        counts(report),
        findings,
        lag(report.lag()),
        plots(report));
  }

  private static String verdict(AuditReport report) {
    if (report.isClean()) {
      return "Clean: every committed change was delivered as it should.";
    }
    List<String> found =
        report.findings().keySet().stream()
            .sorted()
            .map(defect -> "%s %s".formatted(count(report.count(defect)), defect.word()))
            .toList();
    return "Defects: " + String.join(", ", found) + ".";
  }

  private static String counts(AuditReport report) {
    return row("Changes committed", count(report.expected()))
        + row("Changes delivered", count(report.delivered()))
        + row("Of them repeated after a restart", count(report.repeated()))
        + row("Deliveries of transactions", count(report.transactions()))
        + row("Restarts and reconnects of the consumer", count(report.restarts()))
        + row("Rows of a snapshot", count(report.snapshotRows()))
        + (report.unjudged() == 0
            ? ""
            : row("Of tables without a ledger, not judged", count(report.unjudged())));
  }

  private static String row(String what, String value) {
    return "<tr><td>%s</td><td class=\"number\">%s</td></tr>\n"
        .formatted(escaped(what), escaped(value));
  }

  private static String finding(AuditReport report, Defect defect) {
    StringBuilder examples = new StringBuilder();
    for (String example : report.examples(defect)) {
      examples.append("<li>").append(escaped(example)).append("</li>");
    }
    return "<tr><td>%s</td><td class=\"number\">%s</td><td>%s</td></tr>\n"
        .formatted(
            defect.word(),
            count(report.count(defect)),
            examples.isEmpty() ? "" : "<ul>" + examples + "</ul>");
  }

  private static String lag(@Nullable Lag lag) {
    if (lag == null) {
      return "<p class=\"none\">Not known: the recording has no times of delivery.</p>";
    }
    return "<table class=\"narrow\">"
        + row("Median", millis(lag.median()))
        + row("90 %", millis(lag.p90()))
        + row("95 %", millis(lag.p95()))
        + row("99 %", millis(lag.p99()))
        + row("Maximum", millis(lag.max()))
        + "</table>";
  }

  private static String plots(AuditReport report) {
    if (report.moments().isEmpty()) {
      return "<p class=\"none\">Nothing was delivered.</p>";
    }
    return report.lag() == null
        ? plot("Changes per second, by the time of their commits", Plots::rate, report.moments())
        : plot("Changes per second, as they were delivered", Plots::rate, report.moments())
            + plot("Lag", Plots::lag, report.moments());
  }

  private static String plot(
      String what, Function<List<Moment>, byte[]> draw, List<Moment> moments) {
    byte[] png;
    try {
      png = draw.apply(moments);
    } catch (RuntimeException | LinkageError | InternalError e) {
      // What the JDK throws where there is no font differs from one to the next.
      return "<p class=\"none\">%s: cannot be drawn, since this Java finds no fonts (%s).</p>"
          .formatted(escaped(what), escaped(e.toString()));
    }
    return "<figure><figcaption>%1$s</figcaption><img alt=\"%1$s\" src=\"data:image/png;base64,%2$s\"></figure>\n"
        .formatted(escaped(what), Base64.getEncoder().encodeToString(png));
  }

  private static String count(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%,.1f ms", duration.toNanos() / 1e6);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}

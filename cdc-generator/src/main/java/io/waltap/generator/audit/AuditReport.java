package io.waltap.generator.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link Audit} found.
 *
 * @param expected the changes that the ledger has
 * @param delivered the changes that the recording has, repetitions included, snapshot rows not
 * @param repeated those of them that an engine may deliver again after a restart
 * @param snapshotRows the rows that came from a snapshot
 * @param transactions how many deliveries of transactions the recording has
 * @param restarts how often the consumer started or connected anew between two changes
 * @param unjudged the changes that came of tables without a ledger; they are in no other count
 * @param findings what was found of each kind; a kind of which nothing was found is not in it
 * @param lag from commit to arrival; null if nothing was delivered, or it was not noted when
 * @param moments the time from the first delivered change to the last in at most 300 parts of one
 *     length; where it was not noted when changes arrived, by the times of their commits
 */
public record AuditReport(
    long expected,
    long delivered,
    long repeated,
    long snapshotRows,
    long transactions,
    long restarts,
    long unjudged,
    Map<Defect, Finding> findings,
    @Nullable Lag lag,
    List<Moment> moments) {

  /** What can be wrong with a delivery. */
  public enum Defect {
    /** Committed, but not delivered. */
    MISSING("missing"),
    /** Delivered again without a restart, or again at all where exactly once was asked for. */
    DUPLICATE("duplicate"),
    /** Delivered at another place than its own. */
    REORDERED("reordered"),
    /** Delivered with another value. */
    ALTERED("altered"),
    /** Delivered, but never committed. */
    PHANTOM("phantom"),
    /** A transaction that was left before its end; counted in transactions, not in changes. */
    TORN("torn");

    private final String word;

    Defect(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }

  /**
   * Defects of one kind.
   *
   * @param count how many
   * @param examples the first of them, each as a sentence that shows values of rows
   */
  public record Finding(long count, List<String> examples) {}

  /**
   * From commit, by the server's clock, to arrival, by the consumer's; of first deliveries only.
   *
   * @param median half of the changes were faster
   * @param p90 90 % were faster
   * @param p95 95 % were faster
   * @param p99 99 % were faster
   * @param max the slowest
   */
  public record Lag(Duration median, Duration p90, Duration p95, Duration p99, Duration max) {}

  /**
   * A part of the time.
   *
   * @param begin of it
   * @param length of it
   * @param changes how many came in it, repetitions included
   * @param lag of those among them that came for the first time; null if there was none
   */
  public record Moment(Instant begin, Duration length, long changes, @Nullable Lag lag) {}

  /** How many defects of a kind there are. */
  public long count(Defect defect) {
    Finding finding = findings.get(defect);
    return finding == null ? 0 : finding.count();
  }

  /** Sentences about the first defects of a kind. */
  public List<String> examples(Defect defect) {
    Finding finding = findings.get(defect);
    return finding == null ? List.of() : finding.examples();
  }

  /** Whether every committed change was delivered as it should. */
  public boolean isClean() {
    return findings.isEmpty();
  }

  /**
   * The whole report as one page of HTML with plots, which loads nothing from elsewhere; to be
   * written in UTF-8. Needs no display; without any font, the plots are left out.
   */
  public String toHtml() {
    return HtmlReport.of(this);
  }

  /** A few lines for people, the examples among them. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d changes committed, %,d delivered in %,d transactions and %,d restarts, %,d of them"
                + " repeated; %,d snapshot rows.%n",
            expected,
            delivered,
            transactions,
            restarts,
            repeated,
            snapshotRows));
    if (unjudged > 0) {
      text.append(
          String.format(
              Locale.ROOT, "%,d changes of tables without a ledger, not judged.%n", unjudged));
    }
    for (Defect defect : Defect.values()) {
      text.append(String.format(Locale.ROOT, "%-10s %,d%n", defect.word, count(defect)));
      examples(defect).forEach(e -> text.append("  - ").append(e).append(System.lineSeparator()));
    }
    if (lag != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "lag in ms: median %.1f, p90 %.1f, p95 %.1f, p99 %.1f, max %.1f%n",
              millis(lag.median()),
              millis(lag.p90()),
              millis(lag.p95()),
              millis(lag.p99()),
              millis(lag.max())));
    }
    return text.toString();
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }
}

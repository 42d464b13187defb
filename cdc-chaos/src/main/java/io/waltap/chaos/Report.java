package io.waltap.chaos;

import io.waltap.chaos.Fault.Group;
import io.waltap.chaos.Recoveries.Times;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What happened, for people, as Markdown. */
record Report(
    Budget budget,
    Duration elapsed,
    int rounds,
    Strikes strikes,
    Oracle oracle,
    Recoveries recoveries,
    Subject subject,
    Positions positions,
    Verdicts verdicts) {

  private static final int MOST_VIOLATIONS = 20;

  boolean isClean() {
    return verdicts.isClean();
  }

  int kills() {
    return strikes.kills();
  }

  int faults() {
    return strikes.faults();
  }

  long rows() {
    return oracle.changes();
  }

  /** In one line. */
  String line() {
    return format(
        "%s  round %d, %,d kills, %,d other faults, %,d rows compared, %d violations",
        clock(elapsed),
        rounds,
        strikes.kills(),
        strikes.faults(),
        oracle.changes(),
        verdicts.violations().size());
  }

  private static String clock(Duration time) {
    return format("%02d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart());
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append(format("# Crash campaign, seed %d%n%n", budget.seed()));
    text.append(format("    %s%n%n", budget.command()));
    totals(text);
    faults(text);
    times(text);
    ends(text);
    violations(text);
    return text.toString();
  }

  private void totals(StringBuilder text) {
    text.append(
        format(
            """
            | | |
            |---|---|
            | time | %s |
            | rounds | %,d |
            | kills | %,d |
            | other faults | %,d |
            | changes committed and compared | %,d |
            | transactions compared by number | %,d |
            | changes delivered once more after a restart | %,d |
            | snapshot rows delivered | %,d |
            | looks at slot and stored position | %,d |
            | refusals to start with a damaged offset file | %,d |
            | **violations** | **%,d** |

            """,
            clock(elapsed),
            rounds,
            strikes.kills(),
            strikes.faults(),
            oracle.changes(),
            oracle.transactions(),
            oracle.repeated(),
            oracle.snapshotRows(),
            positions.checks(),
            strikes.refusals(),
            verdicts.violations().size()));
  }

  private void faults(StringBuilder text) {
    text.append(format("## What was done%n%n| fault | times |%n|---|---|%n"));
    for (Fault fault : Fault.values()) {
      text.append(format("| %s | %,d |%n", fault, strikes.count(fault)));
    }
    text.append(format("%n| moment | times |%n|---|---|%n"));
    for (Moment moment : Moment.values()) {
      text.append(format("| %s | %,d |%n", moment, strikes.count(moment)));
    }
  }

  private void times(StringBuilder text) {
    text.append(format("%n## Recovery, in ms from the end of the fault%n%n"));
    text.append(
        format("| after | until | measured | median | p99 | max |%n|---|---|---|---|---|---|%n"));
    for (Group group : Group.values()) {
      row(text, group, "streaming", recoveries.untilStreaming(group));
      row(text, group, "first transaction", recoveries.untilChange(group));
    }
    text.append(format("%nAfter a kill this includes the start of a JVM.%n"));
  }

  private static void row(StringBuilder text, Group group, String until, Times times) {
    text.append(
        format(
            "| %s | %s | %,d | %,d | %,d | %,d |%n",
            group.name().toLowerCase(Locale.ROOT),
            until,
            times.count(),
            times.median().toMillis(),
            times.p99().toMillis(),
            times.max().toMillis()));
  }

  private void ends(StringBuilder text) {
    text.append(format("%n## The consumer ended by itself%n%n| after | times |%n|---|---|%n"));
    subject
        .ownEnds()
        .forEach((fault, times) -> text.append(format("| %s | %,d |%n", fault, times)));
  }

  private void violations(StringBuilder text) {
    List<String> violations = verdicts.violations();
    if (!violations.isEmpty()) {
      text.append(format("%n## Violations%n%n"));
      violations.stream()
          .limit(MOST_VIOLATIONS)
          .forEach(violation -> text.append(format("- %s%n", violation)));
    }
  }

  void writeTo(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, toString());
  }

  private static String format(String text, Object... values) {
    return String.format(Locale.ROOT, text, values);
  }
}

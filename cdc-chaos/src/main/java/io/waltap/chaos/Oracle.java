package io.waltap.chaos;

import io.waltap.generator.audit.Audit;
import io.waltap.generator.audit.AuditReport;
import io.waltap.generator.audit.AuditReport.Defect;
import io.waltap.generator.audit.Ledger;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Judges a round twice: by the ledger that the database's own triggers keep, and by the numbers
 * that the writers gave to their transactions.
 */
final class Oracle {

  private final ChaosServer server;
  private final ConsumerFiles files;
  private final Numbers numbers;
  private final Verdicts verdicts;
  private long changes;
  private long repeated;
  private long snapshotRows;
  private long transactions;

  Oracle(ChaosServer server, ConsumerFiles files, Numbers numbers, Verdicts verdicts) {
    this.server = server;
    this.files = files;
    this.numbers = numbers;
    this.verdicts = verdicts;
  }

  void install() throws SQLException {
    try (Connection connection = server.connect()) {
      Ledger.install(connection, ChaosSchema.TABLES);
    }
  }

  /** Begins a round; nobody writes. */
  void begin() throws SQLException {
    numbers.clear();
    try (Connection connection = server.connect()) {
      Ledger.clear(connection);
    }
  }

  /** Judges the round; nobody writes, and everything was delivered. */
  void judge() throws IOException, SQLException {
    try (Connection connection = server.connect()) {
      note(Audit.of(connection, files.recording()).run());
    }
    Numbers.Comparison comparison = numbers.compare(files.notes());
    transactions += comparison.transactions();
    verdicts.violations(comparison.violations());
  }

  private void note(AuditReport report) {
    changes += report.expected();
    repeated += report.repeated();
    snapshotRows += report.snapshotRows();
    report
        .findings()
        .forEach(
            (defect, finding) ->
                verdicts.violation(
                    "the ledger finds "
                        + finding.count()
                        + " times "
                        + name(defect)
                        + ": "
                        + finding.examples()));
  }

  private static String name(Defect defect) {
    return defect.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** Changes that were committed in the rounds judged so far. */
  long changes() {
    return changes;
  }

  /** How many were delivered once more. */
  long repeated() {
    return repeated;
  }

  long snapshotRows() {
    return snapshotRows;
  }

  long transactions() {
    return transactions;
  }
}

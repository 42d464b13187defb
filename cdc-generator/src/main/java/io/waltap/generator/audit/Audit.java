package io.waltap.generator.audit;

import io.waltap.event.TableId;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Compares what a consumer was given, as a {@link DeliveryRecorder} or lines of JSON have it, with
 * what was committed, as the {@link Ledger} has it.
 *
 * <pre>{@code
 * Ledger.install(connection, List.of(TableId.parse("public.orders")));
 * // ... write, and let an engine deliver everything to a DeliveryRecorder ...
 * AuditReport report = Audit.of(connection, recording).run();
 * assertTrue(report.isClean(), report::toString);
 * }</pre>
 *
 * <p><b>What a clean report proves</b> of all transactions that committed since the ledger's round
 * began: each was delivered, whole, and its changes in their order; nothing else was delivered;
 * every value that was delivered is the one that the database has, and no column of a new row was
 * left out but generated ones. A value that the server did not send (an unchanged TOAST value, the
 * row before an update) is not compared; changes of tables that the ledger does not note are only
 * counted.
 *
 * <p>The order of transactions is judged by the commit positions that were delivered with them,
 * which have to rise: triggers cannot know in which order transactions commit. So a consumer that
 * made up its commit positions could only be caught by the order of changes within transactions.
 *
 * <p><b>Repetitions.</b> An engine delivers at least once: after a start or a reconnect ({@link
 * DeliveryRecorder#restarted}) it may begin again at the first change of an earlier transaction and
 * then has to repeat all that followed. That is counted, not blamed, unless {@link #exactlyOnce} is
 * asked for.
 *
 * <p><b>Snapshots.</b> Rows that a snapshot has read since the round began stand for all changes
 * that were not streamed after it: each row must be read as these changes left it. Rows that were
 * there before the round, and tables without a primary key, are not judged. A snapshot that has
 * found no row at all leaves no trace; start the round behind it.
 *
 * <p><b>Lines of JSON.</b> Instead of a recording, a file may hold the lines of {@link
 * io.waltap.event.ChangeJson}, which any listener can write; of rows delivered as {@link
 * io.waltap.event.Row}, since those keep every column by its name. Values are compared digit by
 * digit: {@code 1.5} is not {@code 1.50}. Two things may be added to what {@code ChangeJson}
 * writes: a field {@code "deliveryTime":"2026-11-21T07:29:32.000123Z"} of a change, without which
 * no lag is known; and a line <code>{"restarted":true}</code> for each start of the consumer but
 * the first, without which its repetitions are defects. What such a line does not keep is not
 * compared: the line breaks and margins of a {@code json} (of a large one with spaces, nothing; in
 * a snapshot, nothing), and whether a {@code json} held its own null. An array of two dimensions of
 * {@code json} cannot be judged; leave it out with {@link #except}.
 *
 * <p>Reads the recording and the ledger once, as streams; what it keeps is a few bytes for each
 * transaction, and some 150 for each row of a snapshot; within a transaction, what belongs together
 * is looked for 20,000 changes apart. Let the load end and the consumer catch up first: what
 * commits while the audit begins may be taken for phantom or missing.
 */
public final class Audit {

  private static final int EXAMPLES = 5;

  private final Connection connection;
  private final Path recording;
  private final Map<TableId, Set<String>> exempt = new HashMap<>();
  private boolean exactlyOnce;
  private int examples = EXAMPLES;

  private Audit(Connection connection, Path recording) {
    this.connection = connection;
    this.recording = recording;
  }

  /**
   * Begins to describe an audit.
   *
   * @param connection to the audited database, of a role that may read the ledger; in no
   *     transaction
   * @param recording of a {@link DeliveryRecorder}, or lines of JSON; it may still be open
   */
  public static Audit of(Connection connection, Path recording) {
    return new Audit(connection, recording);
  }

  /** Takes every repetition for a defect. */
  public Audit exactlyOnce() {
    this.exactlyOnce = true;
    return this;
  }

  /**
   * Keeps up to so many examples of each defect; default: 5.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Audit examples(int count) {
    if (count < 0) {
      throw new IllegalArgumentException(
          "The number of examples cannot be " + count + ": give 0 or more.");
    }
    this.examples = count;
    return this;
  }

  /** Does not compare some columns of a table, for instance ones that are not published. */
  public Audit except(TableId table, String... columns) {
    exempt.put(table, Set.of(columns));
    return this;
  }

  /**
   * Compares.
   *
   * @throws IOException if the recording could not be read, or a line of it is none of a recording;
   *     its message names the line
   * @throws SQLException if the ledger could not be read
   * @throws IllegalStateException if there is no ledger
   */
  public AuditReport run() throws IOException, SQLException {
    Tally tally = new Tally(examples);
    Verdict verdict = new Verdict(Map.copyOf(exempt));
    try (Truth truth = new Truth(connection)) {
      Snapshot snapshot = new Snapshot(verdict, tally, truth::shape);
      try (Changes changes = new Changes(recording, truth.began(), tally, snapshot, truth::notes)) {
        new Comparer(truth, changes, verdict, tally, snapshot, exactlyOnce).run();
      }
    }
    return tally.report();
  }
}

package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million changes that an engine has delivered, and a hundred thousand as lines of JSON, audited
 * with 512 MiB as they are and spoilt.
 */
class MillionChangesIT {

  /** Far more than it takes: it only has to end. */
  private static final long MINUTES = 4;

  @TempDir private Path folder;

  @Test
  void everyPlantedDefectIsFoundAndNoneInACleanRecording() throws Exception {
    Path recording = folder.resolve("recording");
    try (Audited audited = audited(recording)) {
      audited.whileRecording(() -> write(audited, 10_000));
      auditCleanAndSpoilt(audited, recording, false, 10_000);
    }
  }

  @Test
  void linesOfJsonAreJudgedAlike() throws Exception {
    Path json = folder.resolve("json");
    try (Audited audited = audited(folder.resolve("recording"))) {
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(json))) {
        audited.whileRecording(
            event -> ChangeJson.writeLine(event, out), () -> write(audited, 1_000));
      }
      auditCleanAndSpoilt(audited, json, true, 1_000);
    }
  }

  private static Audited audited(Path recording) throws Exception {
    Audited audited = new Audited(recording);
    audited.database.execute(
        "CREATE TABLE payment (id bigint PRIMARY KEY, amount numeric(12, 2), at timestamptz,"
            + " state text, note text)");
    return audited.install("payment", "public.payment");
  }

  private void auditCleanAndSpoilt(Audited audited, Path clean, boolean json, int transactions)
      throws Exception {
    assertThat(audit(audited, clean))
        .contains(
            String.format(
                Locale.ROOT,
                "%1$,d changes committed, %1$,d delivered in %2$,d transactions",
                100 * transactions,
                transactions))
        .containsPattern("missing +0\n")
        .containsPattern("duplicate +0\n")
        .containsPattern("reordered +0\n")
        .containsPattern("altered +0\n")
        .containsPattern("phantom +0\n")
        .containsPattern("torn +0\n");
    Path spoilt = folder.resolve("spoilt");
    PlantedDefects.plant(clean, spoilt, rolledBack(audited), json, transactions);
    everyDefectIsFound(audited, spoilt);
  }

  private void everyDefectIsFound(Audited audited, Path spoilt) throws Exception {
    assertThat(audit(audited, spoilt))
        .containsPattern("missing +111\n") // one, the end of one transaction, the whole of another
        .containsPattern("duplicate +1\n")
        .containsPattern("reordered +101\n") // two changes swapped, two transactions swapped
        .containsPattern("altered +1\n")
        .containsPattern("phantom +101\n") // one, and a whole transaction
        .containsPattern("torn +1\n");
  }

  private static void write(Audited audited, int transactions) throws SQLException {
    try (Connection connection = audited.database.connect();
        Statement setting = connection.createStatement();
        PreparedStatement insert =
            connection.prepareStatement(
                "INSERT INTO payment SELECT i, i * 0.01, now(), 'new', 'a note with, a comma'"
                    + " FROM generate_series(?::int, ?::int) i");
        PreparedStatement update =
            connection.prepareStatement(
                "UPDATE payment SET state = 'paid' WHERE id BETWEEN ? AND ?");
        PreparedStatement delete =
            connection.prepareStatement("DELETE FROM payment WHERE id BETWEEN ? AND ?")) {
      setting.execute("SET synchronous_commit = off"); // not what is tested here, and slow
      connection.setAutoCommit(false);
      for (int i = 0; i < transactions; i++) {
        run(insert, 50 * i, 50 * i + 49);
        run(update, 50 * i, 50 * i + 29);
        run(delete, 50 * i + 30, 50 * i + 49);
        connection.commit();
      }
    }
  }

  private static void run(PreparedStatement statement, int from, int to) throws SQLException {
    statement.setInt(1, from);
    statement.setInt(2, to);
    statement.execute();
  }

  private static long rolledBack(Audited audited) throws SQLException {
    try (Connection connection = audited.database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("DELETE FROM payment WHERE id < 100");
      ResultSet row =
          statement.executeQuery("SELECT pg_current_xact_id()::text::bigint & 4294967295");
      row.next();
      long id = row.getLong(1);
      connection.rollback();
      return id;
    }
  }

  private String audit(Audited audited, Path recording) throws IOException, InterruptedException {
    Path printed = folder.resolve("printed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                AuditChild.class.getName(),
                audited.database.url(),
                audited.database.user(),
                audited.database.password(),
                recording.toString())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
    process.destroyForcibly();
    String output = Files.readString(printed);
    assertThat(ended).as("the audit has ended: %s", output).isTrue();
    System.out.println("audit: " + output);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}

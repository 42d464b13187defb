package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeJson;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A million changes that an engine has delivered, in either form of recording, audited with 512 MiB
 * as they are and spoilt.
 */
class MillionChangesIT {

  private static final int TRANSACTIONS = 10_000;

  @TempDir private Path folder;

  @Test
  void everyPlantedDefectIsFoundAndNoneInACleanRecording() throws Exception {
    Path recording = folder.resolve("recording");
    Path json = folder.resolve("json");
    try (Audited audited = new Audited(recording)) {
      audited.database.execute(
          "CREATE TABLE payment (id bigint PRIMARY KEY, amount numeric(12, 2), at timestamptz,"
              + " state text, note text)");
      audited.install("payment", "public.payment");
      long begin = System.nanoTime();
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(json))) {
        audited.whileRecording(event -> ChangeJson.writeLine(event, out), () -> write(audited));
      }
      System.out.printf("audit: written and recorded in %.1f s%n", seconds(begin));

      long rolledBack = rolledBack(audited);
      for (Path clean : List.of(recording, json)) {
        cleanIsClean(audited, clean);
        Path spoilt = folder.resolve("spoilt");
        PlantedDefects.plant(clean, spoilt, rolledBack, clean.equals(json));
        everyDefectIsFound(audited, spoilt);
      }
    }
  }

  private static void cleanIsClean(Audited audited, Path clean) throws Exception {
    assertThat(audit(audited, clean))
        .contains("1,000,000 changes committed, 1,000,000 delivered in 10,000 transactions")
        .containsPattern("missing +0\n")
        .containsPattern("duplicate +0\n")
        .containsPattern("reordered +0\n")
        .containsPattern("altered +0\n")
        .containsPattern("phantom +0\n")
        .containsPattern("torn +0\n");
  }

  private static void everyDefectIsFound(Audited audited, Path spoilt) throws Exception {
    assertThat(audit(audited, spoilt))
        .containsPattern("missing +111\n") // one, the end of one transaction, the whole of another
        .containsPattern("duplicate +1\n")
        .containsPattern("reordered +101\n") // two changes swapped, two transactions swapped
        .containsPattern("altered +1\n")
        .containsPattern("phantom +101\n") // one, and a whole transaction
        .containsPattern("torn +1\n");
  }

  private static double seconds(long begin) {
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void write(Audited audited) throws SQLException {
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
      for (int i = 0; i < TRANSACTIONS; i++) {
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

  private static String audit(Audited audited, Path recording)
      throws IOException, InterruptedException {
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
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    System.out.println("audit: " + output);
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }
}

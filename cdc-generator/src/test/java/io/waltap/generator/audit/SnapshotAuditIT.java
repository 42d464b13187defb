package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.audit.AuditReport.Defect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A snapshot stands for the changes before it, and is blamed for what it does not show of them. */
class SnapshotAuditIT {

  @TempDir private Path folder;
  private Path recording;
  private Audited audited;

  @BeforeEach
  void recordWithASnapshot() throws Exception {
    recording = folder.resolve("recording");
    audited = new Audited(recording);
    audited.database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, note text)",
        "INSERT INTO item VALUES (99, 'older than the ledger')");
    audited.install("item", "public.item");
    audited.database.execute(
        "INSERT INTO item VALUES (1, 'gone')",
        "TRUNCATE item",
        "INSERT INTO item SELECT i, repeat('x', i * 100) FROM generate_series(1, 30) i",
        "UPDATE item SET note = 'changed' WHERE id = 2",
        "UPDATE item SET id = 40 WHERE id = 3",
        "DELETE FROM item WHERE id = 4",
        "INSERT INTO item VALUES (3, 'back')");
    audited.whileRecording(
        "UPDATE item SET note = 'streamed' WHERE id IN (2, 5)", "DELETE FROM item WHERE id = 6");
  }

  @AfterEach
  void close() {
    audited.close();
  }

  private void assertOnly(Defect defect, long count) throws Exception {
    AuditReport report = audited.audit();
    assertThat(report.count(defect)).as(report.toString()).isEqualTo(count);
    assertThat(report.findings()).as(report.toString()).hasSize(1);
  }

  /** Line numbers of rows read, by their id. */
  private int lineOf(List<String> lines, int id) {
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains("\tREAD\t")
          && lines.get(i).matches(".*\tk\t\\d+\t" + id + "\t.*")) {
        return i;
      }
    }
    throw new AssertionError("no row " + id);
  }

  private List<String> lines() throws Exception {
    return Files.readAllLines(recording);
  }

  @Test
  void aSnapshotStandsForWhatWasBeforeIt() throws Exception {
    AuditReport report = audited.audit();
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(report.snapshotRows()).isEqualTo(30);
    assertThat(report.delivered()).isEqualTo(3);
  }

  @Test
  void aRowThatWasNotReadIsMissing() throws Exception {
    List<String> lines = lines();
    lines.remove(lineOf(lines, 40));
    Files.write(recording, lines);
    assertOnly(Defect.MISSING, 1);
  }

  @Test
  void aRowThatIsNotThereIsPhantom() throws Exception {
    List<String> lines = lines();
    int line = lineOf(lines, 40);
    lines.add(line, lines.get(line).replace("\t40\t", "\t4\t"));
    Files.write(recording, lines);
    assertOnly(Defect.PHANTOM, 1);
  }

  @Test
  void aRowThatWasReadOtherwiseIsAltered() throws Exception {
    List<String> lines = lines();
    int line = lineOf(lines, 7);
    lines.set(line, lines.get(line) + "y");
    Files.write(recording, lines);
    assertOnly(Defect.ALTERED, 1);
  }

  @Test
  void aRowThatWasReadTwiceIsADuplicate() throws Exception {
    List<String> lines = lines();
    int line = lineOf(lines, 7);
    lines.add(line, lines.get(line));
    Files.write(recording, lines);
    assertOnly(Defect.DUPLICATE, 1);
  }

  @Test
  void aChangeThatWasLostAfterTheSnapshotShowsInIt() throws Exception {
    List<String> lines = lines();
    lines.removeIf(line -> line.contains("\tDELETE\t"));
    Files.write(recording, lines);
    assertOnly(Defect.PHANTOM, 1);
  }

  @Test
  void aTruncateThatWasLostAfterTheSnapshotShowsInIt() throws Exception {
    audited.whileRecording("TRUNCATE item", "INSERT INTO item VALUES (1, 'after it')");
    AuditReport clean = audited.audit();
    assertThat(clean.isClean()).as(clean.toString()).isTrue();
    List<String> lines = lines();
    lines.removeIf(line -> line.contains("\tTRUNCATE\t"));
    Files.write(recording, lines);
    assertOnly(Defect.PHANTOM, 30);
  }
}

package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.audit.AuditReport.Defect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/**
 * One transaction of 2,000 inserts and 2,000 updates of the same rows, in which what belongs
 * together lies far apart.
 */
@TestInstance(Lifecycle.PER_CLASS)
class LongTransactionIT {

  private static final int ROWS = 2_000;

  private final List<String> head = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private Path folder;
  private Audited audited;

  @BeforeAll
  void record(@TempDir Path given) throws Exception {
    folder = given;
    Path recording = folder.resolve("recording");
    audited = new Audited(recording);
    audited.database.execute("CREATE TABLE item (id int PRIMARY KEY, note text)");
    audited.install("item", "public.item");
    audited.whileRecording(
        "BEGIN; INSERT INTO item SELECT i, 'note' FROM generate_series(1, %d) i;".formatted(ROWS)
            + " UPDATE item SET note = 'changed'; COMMIT");
    for (String line : Files.readAllLines(recording)) {
      (line.startsWith("C") ? changes : head).add(line);
    }
    assertThat(changes).hasSize(2 * ROWS);
  }

  @AfterAll
  void close() {
    audited.close();
  }

  private void assertFound(List<String> delivered, Map<Defect, Long> planted) throws Exception {
    List<String> lines = new ArrayList<>(head);
    lines.addAll(delivered);
    Path spoilt = Files.createTempFile(folder, "spoilt", "");
    Files.write(spoilt, lines);
    AuditReport report = Audit.of(audited.database.connection(), spoilt).run();
    Map<Defect, Long> found = new EnumMap<>(Defect.class);
    report.findings().forEach((defect, finding) -> found.put(defect, finding.count()));
    assertThat(found).as(report.toString()).isEqualTo(planted);
  }

  private List<String> without(int from, int to) {
    List<String> lines = new ArrayList<>(changes);
    lines.subList(from, to).clear();
    return lines;
  }

  @Test
  void aLostBatchIsMissingAndNothingElse() throws Exception {
    assertFound(changes, Map.of());
    assertFound(without(99, 800), Map.of(Defect.MISSING, 701L));
    assertFound(without(0, 1_000), Map.of(Defect.MISSING, 1_000L));
    // What follows are other changes of the very rows that were lost.
    assertFound(without(100, ROWS + 100), Map.of(Defect.MISSING, (long) ROWS));
    List<String> twice = without(3_000, 3_700);
    twice.subList(500, 1_300).clear();
    assertFound(twice, Map.of(Defect.MISSING, 1_500L));
  }

  @Test
  void whatComesAgainMuchLaterIsADuplicate() throws Exception {
    List<String> lines = new ArrayList<>(changes);
    lines.add(1_100, changes.get(100));
    assertFound(lines, Map.of(Defect.DUPLICATE, 1L));
    lines = new ArrayList<>(changes);
    lines.addAll(1_600, changes.subList(0, 700));
    assertFound(lines, Map.of(Defect.DUPLICATE, 700L));
  }

  @Test
  void twoThatAreSwappedFarApartAreBothOutOfOrder() throws Exception {
    List<String> lines = new ArrayList<>(changes);
    Collections.swap(lines, 100, 1_100);
    assertFound(lines, Map.of(Defect.REORDERED, 2L));
  }

  @Test
  void aRowThatCameAsAnotherIsAltered() throws Exception {
    List<String> lines = new ArrayList<>(changes);
    lines.set(99, lines.get(99).replace("\t100\t", "\t9100\t"));
    assertFound(lines, Map.of(Defect.ALTERED, 1L));
    lines = new ArrayList<>(changes);
    lines.replaceAll(line -> line.replace("changed", "spoilt"));
    assertFound(lines, Map.of(Defect.ALTERED, (long) ROWS));
  }
}

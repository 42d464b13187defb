package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.audit.AuditReport.Defect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Five transactions of ten changes, as an engine has delivered them, replayed as it would if it had
 * been stopped and started. A number is a transaction, 3:4 its first four changes, 3+4 those after
 * its fourth, and a bar a restart.
 */
@TestInstance(Lifecycle.PER_CLASS)
class RepetitionsIT {

  private Path folder;
  private Audited audited;
  private final StringBuilder head = new StringBuilder();
  private List<List<String>> transactions = List.of();

  @BeforeAll
  void record(@TempDir Path given) throws Exception {
    folder = given;
    Path recording = folder.resolve("recording");
    audited = new Audited(recording);
    audited.database.execute("CREATE TABLE item (id int PRIMARY KEY, note text)");
    audited.install("item", "public.item");
    audited.whileRecording(
        () -> {
          for (int i = 1; i <= 5; i++) {
            audited.database.execute(
                "INSERT INTO item SELECT generate_series(" + 10 * i + ", " + (10 * i + 9) + ")");
          }
        });
    Map<String, List<String>> found = new LinkedHashMap<>();
    for (String line : Files.readAllLines(recording)) {
      if (line.startsWith("C")) {
        found.computeIfAbsent(line.split("\t", -1)[4], id -> new ArrayList<>()).add(line + "\n");
      } else {
        head.append(line).append('\n');
      }
    }
    transactions = List.copyOf(found.values());
  }

  @AfterAll
  void close() {
    audited.close();
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 3 4 5,             0",
    "1 2 3:4 | 3 4 5,       4",
    "1 2 3 | 2 3 4 5,      20",
    "1 2 3 | 4 5,           0",
    "1 2 3:4 | 3+4 4 5,     0",
    "1 2 3 | 3:5 | 3 4 5,  15",
    "1 2 3 | 1 2:5 | 2 3 | 3 4 5, 45",
    "1 2 3:4 | 2 3 4 5,    14",
    "1 2 3:4 | 3:6 | 3 4 5, 10"
  })
  void whatAnEngineMayRepeatIsCounted(String deliveries, long repeated) throws Exception {
    AuditReport report = play(deliveries).run();
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(report.repeated()).isEqualTo(repeated);
    assertThat(report.expected()).isEqualTo(50);
    assertThat(report.delivered()).isEqualTo(50 + repeated);
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 3 2 3 4 5,    DUPLICATE, 20",
    "1 2 3 3 4 5,      DUPLICATE, 10",
    "1 3 2 4 5,        REORDERED, 10",
    "1 2 3 | 2 4 5,    REORDERED, 10",
    "1 2 3 | 1 3 4 5,  REORDERED, 10",
    "1 2 3 | 1 | 4 5,  REORDERED, 10",
    "1 2 3:4 4 5,      TORN,       1",
    "1 2 3:4 | 4 5,    TORN,       1",
    "1 2 3:4 4 5,      MISSING,    6",
    "1 2 3 4 5:9,      TORN,       1",
    "1 2 4 5,          MISSING,   10",
    "1 2 3 4,          MISSING,   10",
    "2 3 4 5,          MISSING,   10"
  })
  void whatAnEngineMayNotDoIsBlamed(String deliveries, Defect defect, long count) throws Exception {
    AuditReport report = play(deliveries).run();
    assertThat(report.count(defect)).as(report.toString()).isEqualTo(count);
    assertThat(report.examples(defect)).isNotEmpty();
    assertThat(report.findings().keySet())
        .as(report.toString())
        .isSubsetOf(defect, defect == Defect.TORN ? Defect.MISSING : Defect.TORN);
  }

  @ParameterizedTest
  @CsvSource({
    "1 2 3:4 | 3 4 5,     4",
    "1 2 3 | 2 3 4 5,    20",
    "1 2 3:4 | 3+4 4 5,   0",
    "1 2 3 | 4 5,         0"
  })
  void exactlyOnceAllowsNoRepetition(String deliveries, long duplicates) throws Exception {
    AuditReport report = play(deliveries).exactlyOnce().run();
    assertThat(report.count(Defect.DUPLICATE)).as(report.toString()).isEqualTo(duplicates);
    assertThat(report.isClean()).isEqualTo(duplicates == 0);
  }

  private Audit play(String deliveries) throws Exception {
    StringBuilder text = new StringBuilder(head);
    for (String word : deliveries.split(" ", -1)) {
      if (word.equals("|")) {
        text.append(head);
        continue;
      }
      List<String> changes = transactions.get(word.charAt(0) - '1');
      int size = changes.size();
      int place = word.length() == 1 ? size : Integer.parseInt(word.substring(2));
      boolean rest = word.contains("+");
      changes.subList(rest ? place : 0, rest ? size : place).forEach(text::append);
    }
    Path played = Files.createTempFile(folder, "played", "");
    Files.writeString(played, text);
    return Audit.of(audited.database.connection(), played);
  }
}

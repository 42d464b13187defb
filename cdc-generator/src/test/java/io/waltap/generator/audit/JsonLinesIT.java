package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import io.waltap.CdcEngine;
import io.waltap.event.ChangeJson;
import io.waltap.event.Lsn;
import io.waltap.generator.audit.AuditReport.Defect;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that a listener of one's own has written as JSON, a line each. */
class JsonLinesIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  @TempDir private Path folder;
  private Path file;
  private Audited audited;

  @BeforeEach
  void open() {
    file = folder.resolve("changes.jsonl");
    audited = new Audited(file);
  }

  @AfterEach
  void close() {
    audited.close();
  }

  private void whileWriting(String... statements) throws Exception {
    try (OutputStream out =
            Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        CdcEngine engine =
            CdcEngine.builder(audited.config())
                .offsets(audited.offsets)
                .listenAll(event -> ChangeJson.writeLine(event, out))
                .start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      audited.database.execute(statements);
      Lsn now = Lsn.parse(audited.database.value("SELECT pg_current_wal_insert_lsn()"));
      assertThat(engine.awaitProcessed(now, SOON)).isTrue();
    }
  }

  private void payments() throws Exception {
    audited.database.execute(
        "CREATE TABLE payment (id int PRIMARY KEY, amount numeric, note text, at timestamptz)");
    audited.install("payment", "public.payment");
    List<String> statements = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      statements.add(
          "INSERT INTO payment SELECT i, i + 0.10, 'n' || i, now() FROM generate_series(%d, %d) i"
              .formatted(10 * i, 10 * i + 9));
    }
    whileWriting(statements.toArray(String[]::new));
  }

  private AuditReport spoilt(List<String> lines) throws Exception {
    Files.write(file, lines);
    return audited.audit();
  }

  private static void assertOnly(AuditReport report, Defect defect, long count) {
    assertThat(report.count(defect)).as(report.toString()).isEqualTo(count);
    assertThat(report.examples(defect)).isNotEmpty();
    assertThat(report.findings()).as(report.toString()).hasSize(1);
  }

  @Test
  void valuesOfAllKindsAreTheLedgersDigitByDigit() throws Exception {
    audited.database.execute(
        "CREATE DOMAIN doc AS jsonb",
        "CREATE DOMAIN tags AS text[]",
        """
        CREATE TABLE item (
          id bigint PRIMARY KEY, n numeric, f4 float4, f8 float8, ok bool, t text, c char(5), b bytea,
          at timestamptz, j json, jb jsonb, jd doc, a int[], ta text[], td tags, na numeric[],
          ba bool[], ya bytea[], xa box[], ja jsonb[], m int[][], "q ""uote" text)""");
    audited.install("item", "public.item");
    whileWriting(
        """
        INSERT INTO item VALUES (9007199254740993, 12345678901234567890.1200, 1.1, 1e300, true,
          E'"quoted" \\\\ a\\tb\\nc\\u2028', 'ab', '\\x00ff', now(),
          E' {"a" :\\n 1.50}\\n', '{"b": [1, 2.50, null], "c": "d\\"e"}', '"text"', '{1,NULL,3}',
          ARRAY['', 'NULL', 'null', 'a b', 'c,d', 'e"f', 'g\\h', '{}', NULL, 'plain', E'\\u00a0'],
          ARRAY['x', 'y z'], '{1.10,NaN}', '{t,f,NULL}', ARRAY['\\x00'::bytea, '\\x'::bytea],
          ARRAY[box '(1,1),(0,0)', box '(3,3),(2,2)'], ARRAY['{"a": 1}'::jsonb, '[1, 2]', '"s"'],
          '{{1,2},{3,4}}', 'q')""",
        """
        INSERT INTO item (id, n, f4, f8, ok, jb, jd, a, ta, m) VALUES (2, 'NaN', 'Infinity',
          '-Infinity', false, 'null', '[1, {"x": "y"}]', '{}', '[0:1]={a,b}', '[2:2][0:0]={{7}}')""",
        "INSERT INTO item (id, n) VALUES (3, NULL), (4, 0.00), (5, 1e131071), (6, -0.000)",
        "INSERT INTO item (id, t, jb, ta, na) SELECT 7, repeat('\"\\ é', 5000),"
            + " jsonb_build_object('k', repeat('v w', 3000)), array_agg('x ' || i),"
            + " array_agg(i * 0.10) FROM generate_series(1, 900) i",
        "UPDATE item SET id = id + 10 WHERE id < 5",
        "UPDATE item SET ok = NOT ok",
        "ALTER TABLE item REPLICA IDENTITY FULL",
        "UPDATE item SET t = 'x', jb = '[]' WHERE id = 7",
        "DELETE FROM item",
        "INSERT INTO item (id) VALUES (1)",
        "TRUNCATE item");
    AuditReport report = audited.audit();
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(report.expected()).isEqualTo(7 + 3 + 7 + 1 + 7 + 1 + 1);
    assertThat(report.delivered()).isEqualTo(report.expected());
  }

  @Test
  void rowsOfASnapshotAreJudged() throws Exception {
    audited.database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, ok bool, j json, jb jsonb, a text[])");
    audited.install("item", "public.item");
    audited.database.execute(
        "INSERT INTO item VALUES (1, true, ' [1]', 'null', '{\"a b\",c}'), (2, false, NULL, '{}', NULL)");
    whileWriting("UPDATE item SET ok = NULL WHERE id = 2");
    AuditReport clean = audited.audit();
    assertThat(clean.isClean()).as(clean.toString()).isTrue();
    assertThat(clean.snapshotRows()).isEqualTo(2);

    List<String> lines = Files.readAllLines(file);
    lines.replaceAll(line -> line.replace("[\"a b\",\"c\"]", "[\"a b\",\"d\"]"));
    assertOnly(spoilt(lines), Defect.ALTERED, 1);
  }

  @Test
  void everyPlantedDefectIsNamed() throws Exception {
    payments();
    List<String> lines = Files.readAllLines(file);
    assertThat(audited.audit().isClean()).isTrue();

    List<String> missing = new ArrayList<>(lines);
    missing.remove(14);
    assertOnly(spoilt(missing), Defect.MISSING, 1);

    List<String> duplicate = new ArrayList<>(lines);
    duplicate.add(18, lines.get(14));
    assertOnly(spoilt(duplicate), Defect.DUPLICATE, 1);

    List<String> reordered = new ArrayList<>(lines);
    Collections.swap(reordered, 14, 15);
    assertOnly(spoilt(reordered), Defect.REORDERED, 1);

    List<String> transactions = new ArrayList<>(lines.subList(0, 10));
    transactions.addAll(lines.subList(20, 30));
    transactions.addAll(lines.subList(10, 20));
    transactions.addAll(lines.subList(30, 50));
    assertOnly(spoilt(transactions), Defect.REORDERED, 10);

    List<String> phantom = new ArrayList<>(lines);
    phantom.add(18, lines.get(14).replace("\"id\":14", "\"id\":9014"));
    assertOnly(spoilt(phantom), Defect.PHANTOM, 1);

    List<String> torn = new ArrayList<>(lines);
    torn.subList(17, 20).clear();
    AuditReport report = spoilt(torn);
    assertThat(report.count(Defect.TORN)).as(report.toString()).isEqualTo(1);
    assertThat(report.count(Defect.MISSING)).isEqualTo(3);
    assertThat(report.findings()).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"amount\":14.1", // a digit less, though the number is the same
        "\"amount\":14.10000000000000000001", // a difference that a double does not see
        "\"amount\":\"14.10 \"",
        "\"amount\":null",
        "\"amount\":true"
      })
  void everyDigitCounts(String amount) throws Exception {
    payments();
    List<String> lines = Files.readAllLines(file);
    lines.replaceAll(line -> line.replace("\"amount\":14.10", amount));
    AuditReport report = spoilt(lines);
    assertOnly(report, Defect.ALTERED, 1);
    assertThat(report.examples(Defect.ALTERED).get(0)).contains("amount is '14.10' but came as");
  }

  @ParameterizedTest
  @ValueSource(strings = {"after", "key"})
  void whatALineLeavesOutIsNotTakenForRight(String part) throws Exception {
    audited.database.execute("CREATE TABLE payment (id int PRIMARY KEY, note text)");
    audited.install("payment", "public.payment");
    whileWriting(
        "INSERT INTO payment SELECT i, 'note' FROM generate_series(1, 5) i",
        "UPDATE payment SET note = 'changed' WHERE id = 3");
    assertThat(audited.audit().isClean()).isTrue();
    List<String> lines = Files.readAllLines(file);
    lines.set(2, lines.get(2).replaceFirst(",\"%s\":\\{[^}]*}".formatted(part), ""));
    lines.set(5, lines.get(5).replaceFirst(",\"%s\":\\{[^}]*}".formatted(part), ""));
    AuditReport report = spoilt(lines);
    assertOnly(report, Defect.ALTERED, 2);
    assertThat(report.examples(Defect.ALTERED))
        .allMatch(
            e -> e.endsWith(part.equals("key") ? "its key was left out." : "row was left out."));
  }

  @Test
  void aRepetitionIsOnlyAllowedAfterAStartThatWasNoted() throws Exception {
    payments();
    List<String> lines = Files.readAllLines(file);
    List<String> again = new ArrayList<>(lines);
    again.addAll(lines.subList(30, 50));
    assertOnly(spoilt(again), Defect.DUPLICATE, 20);

    again.add(50, "{\"restarted\":true}");
    AuditReport report = spoilt(again);
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(report.repeated()).isEqualTo(20);
    assertThat(report.restarts()).isEqualTo(1);

    again.set(50, "{\"restarted\":false}");
    assertOnly(spoilt(again), Defect.DUPLICATE, 20);
  }

  @Test
  void lagIsKnownWhereTheTimeOfDeliveryIsNoted() throws Exception {
    payments();
    assertThat(audited.audit().lag()).isNull();

    List<String> lines = Files.readAllLines(file);
    lines.replaceAll(JsonLinesIT::twoSecondsLater);
    AuditReport report = spoilt(lines);
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(Objects.requireNonNull(report.lag()).median())
        .isBetween(Duration.ofMillis(1999), Duration.ofMillis(2002));
  }

  private static String twoSecondsLater(String line) {
    String time = line.replaceFirst(".*\"commitTime\":\"([^\"]*)\".*", "$1");
    Instant later = Instant.parse(time).plusSeconds(2);
    return line.substring(0, line.length() - 1) + ",\"deliveryTime\":\"" + later + "\"}";
  }

  @Test
  void aLineThatWasCutShortIsNamed() throws Exception {
    payments();
    byte[] all = Files.readAllBytes(file);
    int last = new String(all, StandardCharsets.UTF_8).lastIndexOf('\n', all.length - 2) + 1;
    for (int length = last + 1; length < all.length - 1; length++) {
      Files.write(file, Arrays.copyOf(all, length));
      assertThatIOException()
          .isThrownBy(audited::audit)
          .withMessage(
              "Line 50 of %s, the last one, was cut short: remove it, or have it written whole, and audit again.",
              file);
    }
    Files.write(file, Arrays.copyOf(all, all.length - 1));
    assertThat(audited.audit().isClean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nonsense",
        "{\"operation\":\"insert\"}",
        "{}",
        "[]",
        "{\"operation\":\"insert\",\"table\":{\"schema\":\"public\",\"name\":\"payment\"},\"commitLsn\":\"x\",\"transactionId\":1}",
        "{\"operation\":\"insert\",\"table\":\"payment\"}",
        "{\"operation\":\"upsert\"}",
        "{\"key\":{\"id\":1}} {\"key\":{\"id\":1}}",
        "{\"key\":"
      })
  void anotherLineThanAChangeIsNamedAndNotQuoted(String line) throws Exception {
    payments();
    List<String> lines = Files.readAllLines(file);
    lines.add(7, line);
    Files.write(file, lines);
    assertThatIOException()
        .isThrownBy(audited::audit)
        .withMessageStartingWith("Line 8 of " + file + " is no change as ChangeJson writes it")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain(line));
  }
}

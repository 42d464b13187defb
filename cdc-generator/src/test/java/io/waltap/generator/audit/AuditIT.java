package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.generator.audit.AuditReport.Defect;
import java.io.StringReader;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.PGConnection;

/** What a real engine delivers, held against the ledger of a real server. */
class AuditIT {

  private static final String ITEM =
      "CREATE TABLE item (id int PRIMARY KEY, name text, price numeric, ok bool, at timestamptz,"
          + " tags text[], data bytea, span interval, score float8)";

  @TempDir private Path folder;
  private Audited audited;

  @BeforeEach
  void open() {
    audited = new Audited(folder.resolve("recording"));
  }

  @AfterEach
  void close() {
    audited.close();
  }

  private void assertClean(long expected) throws Exception {
    AuditReport report = audited.audit();
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(report.expected()).isEqualTo(expected);
    assertThat(report.delivered() - report.repeated()).isEqualTo(expected);
  }

  @Test
  void everyKindOfChangeIsFoundAsItWasDelivered() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    audited.whileRecording(
        "SET TimeZone = 'Asia/Kolkata'",
        "SET DateStyle = 'ISO, DMY'",
        "SET bytea_output = 'escape'",
        "SET extra_float_digits = 0",
        "SET IntervalStyle = 'iso_8601'",
        "INSERT INTO item VALUES (1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),"
            + " (2, '', 1.50, true, '2026-01-02 03:04:05.678+09', '{a,\"b c\",NULL}', '\\x00ff',"
            + " '1 mon 2 days', 0.1::float8 + 0.2)",
        "INSERT INTO item (id, name) VALUES (3, E'a\"b\\\\c,(d)\\te\\nf\\r ☃ \\\\N'), (4, '\\U')",
        "UPDATE item SET price = 1.500 WHERE id = 2",
        "UPDATE item SET id = 20, ok = false WHERE id = 2",
        "UPDATE item SET name = name",
        "DELETE FROM item WHERE id < 3",
        "BEGIN; INSERT INTO item (id) VALUES (7); ROLLBACK",
        "BEGIN; INSERT INTO item (id) VALUES (8); SAVEPOINT a; INSERT INTO item (id) VALUES (9);"
            + " ROLLBACK TO a; INSERT INTO item (id) VALUES (10); COMMIT",
        "INSERT INTO item (id) VALUES (3) ON CONFLICT (id) DO UPDATE SET name = 'again'",
        "TRUNCATE item");
    assertClean(2 + 2 + 1 + 1 + 4 + 1 + 2 + 1 + 1);
  }

  @Test
  void copyAndLargeTransactionsAreComparedAsStreams() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    String rows =
        IntStream.range(0, 12_000)
            .mapToObj(i -> i + "\tname " + i)
            .collect(Collectors.joining("\n"));
    audited.whileRecording(
        () -> {
          audited
              .database
              .connection()
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyIn("COPY item (id, name) FROM STDIN", new StringReader(rows));
          audited.database.execute("UPDATE item SET price = id", "DELETE FROM item");
        });
    assertClean(36_000);
  }

  @Test
  void interleavedTransactionsAreComparedInTheOrderOfTheirCommits() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    audited.whileRecording(
        () -> {
          try (Connection other = audited.database.connect();
              Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            for (int i = 0; i < 50; i++) {
              statement.execute("INSERT INTO item (id) VALUES (" + (1000 + i) + ")");
              audited.database.execute("INSERT INTO item (id) VALUES (" + i + ")");
              statement.execute("UPDATE item SET ok = true WHERE id = " + (1000 + i));
              if (i % 10 == 9) {
                other.commit();
              }
            }
          }
        });
    assertClean(150);
  }

  @Test
  void whatAnUndeliveredToastValueHidesIsNotBlamedAndTheRestIsCompared() throws Exception {
    audited.database.execute(
        "CREATE TABLE doc (id int PRIMARY KEY, body text, note text)",
        "ALTER TABLE doc ALTER body SET STORAGE EXTERNAL");
    audited.install("doc", "public.doc");
    audited.whileRecording(
        "INSERT INTO doc SELECT i, repeat('\"ä,\\' || i, 20000), 'n' FROM generate_series(1, 5) i",
        "UPDATE doc SET note = 'm'",
        "UPDATE doc SET body = NULL WHERE id = 1",
        "ALTER TABLE doc REPLICA IDENTITY FULL",
        "UPDATE doc SET note = repeat('long ', 1000) WHERE id = 2",
        "DELETE FROM doc");
    assertClean(5 + 5 + 1 + 1 + 5);
  }

  @Test
  void changedShapesAndNamesAreFollowed() throws Exception {
    audited.database.execute(
        "CREATE TABLE \"It\"\"em. s\" (a int PRIMARY KEY, \"B \"\"b\" text, c int)");
    audited.install("\"It\"\"em. s\"", "public.\"It\"\"em. s\"");
    audited.whileRecording(
        "INSERT INTO \"It\"\"em. s\" VALUES (1, 'x', 2)",
        "ALTER TABLE \"It\"\"em. s\" DROP COLUMN \"B \"\"b\"",
        "INSERT INTO \"It\"\"em. s\" VALUES (2, 3)",
        "BEGIN; ALTER TABLE \"It\"\"em. s\" ADD COLUMN d text DEFAULT 'd';"
            + " UPDATE \"It\"\"em. s\" SET c = 5; COMMIT",
        "BEGIN; ALTER TABLE \"It\"\"em. s\" ADD COLUMN e text; UPDATE \"It\"\"em. s\" SET e = 'e';"
            + " ROLLBACK",
        "ALTER TABLE \"It\"\"em. s\" RENAME COLUMN c TO cc",
        "UPDATE \"It\"\"em. s\" SET cc = 6",
        "ALTER TABLE \"It\"\"em. s\" ALTER cc TYPE text",
        "UPDATE \"It\"\"em. s\" SET cc = 'seven'",
        "ALTER TABLE \"It\"\"em. s\" ADD COLUMN g int GENERATED ALWAYS AS (a * 2) STORED",
        "UPDATE \"It\"\"em. s\" SET cc = 'eight'",
        "ALTER TABLE \"It\"\"em. s\" RENAME TO plain",
        "UPDATE plain SET cc = 'nine'");
    assertClean(2 + 2 + 2 + 2 + 2 + 2);
  }

  @Test
  void partitionsAreFollowedUnderTheNameOfTheirRoot() throws Exception {
    audited.database.execute(
        "CREATE TABLE part (id int, region text, name text, PRIMARY KEY (id, region))"
            + " PARTITION BY LIST (region)",
        "CREATE TABLE north PARTITION OF part FOR VALUES IN ('n')",
        "CREATE TABLE south (name text, dropped int, region text NOT NULL, id int NOT NULL)",
        "ALTER TABLE south DROP COLUMN dropped",
        "ALTER TABLE part ATTACH PARTITION south FOR VALUES IN ('s')");
    audited.install("part WITH (publish_via_partition_root)", "public.part");
    audited.whileRecording(
        "INSERT INTO part VALUES (1, 'n', 'a'), (2, 's', 'b'), (3, 's', 'c')",
        "INSERT INTO south VALUES ('d', 's', 4)",
        "UPDATE part SET region = 'n' WHERE id = 2",
        "UPDATE part SET name = 'x'",
        "CREATE TABLE west PARTITION OF part FOR VALUES IN ('w')",
        "INSERT INTO part VALUES (5, 'w', 'e')",
        "DELETE FROM part WHERE id = 3",
        "TRUNCATE part");
    assertClean(3 + 1 + 2 + 4 + 1 + 1 + 1);
  }

  @Test
  void cascadesAndTriggersAreJudgedKeyByKey() throws Exception {
    audited.database.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent ON DELETE CASCADE)");
    audited.database.execute(
        "CREATE FUNCTION bear() RETURNS trigger LANGUAGE plpgsql AS"
            + " 'BEGIN INSERT INTO child VALUES (NEW.id, NEW.id); RETURN NULL; END'",
        "CREATE TRIGGER bear AFTER INSERT ON parent FOR EACH ROW EXECUTE FUNCTION bear()");
    audited.install("parent, child", "public.parent", "public.child");
    audited.whileRecording(
        "INSERT INTO parent SELECT generate_series(1, 700)", "DELETE FROM parent");
    assertClean(2800);
  }

  @Test
  void changesWithoutTriggersOfTheirSessionAreNoted() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    audited.whileRecording(
        "SET session_replication_role = replica",
        "INSERT INTO item (id) VALUES (1)",
        "SET session_replication_role = DEFAULT");
    assertClean(1);
  }

  @Test
  void aSecondStartRepeatsNothingThatWouldBeBlamed() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    audited.whileRecording("INSERT INTO item (id) SELECT generate_series(1, 10)");
    audited.database.execute("INSERT INTO item (id) SELECT generate_series(11, 20)");
    audited.whileRecording("INSERT INTO item (id) SELECT generate_series(21, 30)");
    assertClean(30);
  }

  @Test
  void whatTheEngineNeverSawIsMissing() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    audited.whileRecording("INSERT INTO item (id) SELECT generate_series(1, 10)");
    audited.database.execute("INSERT INTO item (id) VALUES (11), (12)");
    AuditReport report = audited.audit();
    assertThat(report.count(Defect.MISSING)).isEqualTo(2);
    assertThat(report.findings()).hasSize(1);
  }

  @Test
  void aNewRoundForgetsWhatWasBefore() throws Exception {
    audited.database.execute(ITEM);
    audited.install("item", "public.item");
    audited.whileRecording(
        () -> {
          audited.database.execute("INSERT INTO item (id) SELECT generate_series(1, 10)");
          Ledger.clear(audited.database.connection());
          audited.database.execute("DELETE FROM item WHERE id = 5");
        });
    AuditReport report = audited.audit();
    assertThat(report.isClean()).as(report.toString()).isTrue();
    assertThat(report.expected()).isEqualTo(1);
    Ledger.uninstall(audited.database.connection());
    audited.database.execute("DELETE FROM item");
  }

  @Test
  void tablesThatTheLedgerDoesNotNoteAreCountedAndNotJudged() throws Exception {
    audited.database.execute(ITEM, "CREATE TABLE other (id int PRIMARY KEY)");
    audited.install("item, other", "public.item");
    audited.whileRecording(
        "BEGIN; INSERT INTO other VALUES (1); INSERT INTO item (id) VALUES (1), (2);"
            + " INSERT INTO other VALUES (2); UPDATE item SET ok = true; COMMIT",
        "INSERT INTO other VALUES (3)",
        "TRUNCATE other");
    assertClean(4);
    AuditReport report = audited.audit();
    assertThat(report.unjudged()).isEqualTo(4);
    assertThat(report.toString())
        .contains("4 changes of tables without a ledger, not judged.")
        .contains(" 1 transactions and 0 restarts");
    assertThat(report.toHtml()).contains("Of tables without a ledger, not judged");
  }

  @Test
  void moneyIsComparedInTheFormThatTheEngineIsSent() throws Exception {
    audited.database.execute("CREATE TABLE price (id int PRIMARY KEY, amount money)");
    audited.install("price", "public.price");
    audited.whileRecording("INSERT INTO price VALUES (1, 1234.5), (2, -0.01)");
    assertClean(2);
    // Whether the server has another locale than C differs; the ledger must not depend on it.
    assertThat(
            audited.database.value(
                "SELECT ('lc_monetary=C' = ANY (proconfig))::text FROM pg_proc WHERE proname = 'note_change'"))
        .isEqualTo("true");
  }
}

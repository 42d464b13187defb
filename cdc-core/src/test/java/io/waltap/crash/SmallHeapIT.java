package io.waltap.crash;

import static io.waltap.crash.SmallHeapConsumer.COUNT;
import static io.waltap.crash.SmallHeapConsumer.NOW_AND_THEN;
import static io.waltap.crash.SmallHeapConsumer.READ;
import static io.waltap.crash.SmallHeapConsumer.RECORD;
import static io.waltap.crash.SmallHeapConsumer.SLOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a heap of 128 MiB lets pass, and what becomes of the rest. */
class SmallHeapIT {

  private static final int MIB = 1 << 20;
  private static final String SMALL = "-Xmx128m";

  @TempDir private Path folder;
  private TestDatabase database;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE document (id int PRIMARY KEY, version int DEFAULT 1, body text)",
        "ALTER TABLE document ALTER body SET STORAGE EXTERNAL, REPLICA IDENTITY FULL",
        "CREATE PUBLICATION waltap FOR TABLE document");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void aTransactionOfAMillionRowsPasses() throws Exception {
    try (ChildJvm child = start(COUNT, SMALL)) {
      database.execute(
          "INSERT INTO document SELECT i, 1, 'row ' || i FROM generate_series(1, %d) i"
              .formatted(NOW_AND_THEN));
      child.awaitLine("COUNTED " + NOW_AND_THEN);
      assertThat(child.stop()).isZero();
      assertThat(child.output()).noneMatch(line -> line.contains("OutOfMemoryError"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-XX:+UseG1GC", "-XX:+UseSerialGC"})
  void valuesOf64MibPass(String collector) throws Exception {
    insert(1, "a", 64);
    insert(2, "b", 64);
    try (ChildJvm child = start(READ, SMALL, collector)) {
      insert(3, "c", 64);
      database.execute(
          "UPDATE document SET version = 2 WHERE id = 3",
          "DELETE FROM document WHERE id < 3",
          "INSERT INTO document VALUES (5, 1, repeat('e', %d))".formatted(32 * MIB),
          "UPDATE document SET body = repeat('f', %d) WHERE id = 5".formatted(32 * MIB));
      child.awaitLine("UPDATE 33554432e -> 33554432f");
      assertThat(child.output())
          .filteredOn(line -> line.matches("(READ|INSERT|UPDATE|DELETE) .*"))
          .containsExactly(
              "READ 67108864a",
              "READ 67108864b",
              "INSERT 67108864c",
              "UPDATE 67108864c -> 67108864c",
              "DELETE 67108864a",
              "DELETE 67108864b",
              "INSERT 33554432e",
              "UPDATE 33554432e -> 33554432f");
      assertThat(child.stop()).isZero();
    }
  }

  @ParameterizedTest
  @CsvSource({"read, 120, [OUT_OF_MEMORY]", "record, 64, [LISTENER_FAILED]"})
  void whatDoesNotFitEndsTheEngineAndComesAgain(String how, int mib, String code) throws Exception {
    try (ChildJvm child = start(how, SMALL)) {
      database.execute("INSERT INTO document VALUES (1, 1, 'small')");
      child.awaitLine("INSERT");
      insert(2, "x", mib);
      database.execute("INSERT INTO document VALUES (3, 1, 'behind it')");
      assertThat(child.awaitLine("FAILED")).contains(code, "-Xmx");
      Await.until("the slot is free", () -> slot("active").equals("f"));
      assertThat(child.output()).filteredOn(line -> line.startsWith("INSERT")).hasSize(1);
      child.stop();
    }
    try (ChildJvm child = start(how, "-Xmx512m")) {
      Await.until("both came", () -> inserts(child).size() == 2);
      assertThat(child.stop()).isZero();
      assertThat(inserts(child))
          .isEqualTo(
              how.equals(RECORD)
                  ? List.of("INSERT as a record", "INSERT as a record")
                  : List.of("INSERT " + mib * MIB + "x", "INSERT 9t"));
    }
  }

  private static List<String> inserts(ChildJvm child) {
    return child.output().stream().filter(line -> line.startsWith("INSERT")).toList();
  }

  // Each text takes two bytes a letter, for one of its letters needs them.
  @Test
  void aSlowListenerHoldsUpTheServerAndNotTheHeap() throws Exception {
    try (ChildJvm child = start(SLOW, SMALL)) {
      for (int i = 0; i < 9; i++) {
        database.execute(
            "INSERT INTO document SELECT %1$d + i, 1, repeat('x', 16000) || '€' FROM generate_series(1, 1000) i"
                .formatted(1000 * i));
      }
      Await.until("three changes took their time", () -> child.output().size() > 3);
      assertThat(used(child.awaitLine("USED"))).isLessThan(64);
      String sent = walSender("sent_lsn");
      int seen = child.output().size();
      Await.until("three more did", () -> child.output().size() > seen + 3);
      assertThat(walSender("sent_lsn")).as("what the server has sent").isEqualTo(sent);
      assertThat(Long.parseLong(walSender("pg_current_wal_lsn() - sent_lsn")))
          .isGreaterThan(64L * MIB);
      assertThat(used(child.awaitLine("USED"))).isLessThan(64);
      child.stop();
      assertThat(child.output()).noneMatch(line -> line.contains("OutOfMemoryError"));
    }
  }

  private static int used(String line) {
    return Integer.parseInt(line.substring("USED ".length()));
  }

  private void insert(int id, String letter, int mib) {
    database.execute(
        "INSERT INTO document VALUES (%d, 1, repeat('%s', %d))".formatted(id, letter, mib * MIB));
  }

  private String slot(String column) {
    return database.value("SELECT " + column + " FROM pg_replication_slots WHERE " + ours());
  }

  private String walSender(String value) {
    return database.value(
        "SELECT "
            + value
            + " FROM pg_stat_replication JOIN pg_replication_slots ON pid = active_pid WHERE "
            + ours());
  }

  private String ours() {
    return "slot_name = '" + database.name() + "'";
  }

  private ChildJvm start(String what, String... options) throws IOException {
    String classPath = System.getProperty("java.class.path");
    return ChildJvm.start(
            SmallHeapConsumer.class, classPath, List.of(options), database, folder, what)
        .awaitStreaming();
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import io.waltap.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Rows that lie in several tables, or are computed, come exactly once and look the same. */
class PartitionsIT {

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private void createPartitions(boolean viaRoot) {
    database.execute(
        "CREATE TABLE sale (id int, year int, note text, PRIMARY KEY (id, year))"
            + " PARTITION BY RANGE (year)",
        "CREATE TABLE sale_old PARTITION OF sale FOR VALUES FROM (2000) TO (2020)",
        // A partition may have its columns in another order.
        "CREATE TABLE sale_new (note text, year int NOT NULL, id int NOT NULL)",
        "ALTER TABLE sale ATTACH PARTITION sale_new FOR VALUES FROM (2020) TO (2040)",
        "INSERT INTO sale VALUES (1, 2001, 'a'), (2, 2021, 'b')",
        "CREATE PUBLICATION waltap FOR TABLE sale WITH (publish_via_partition_root = "
            + viaRoot
            + ")");
  }

  private void changePartitions() {
    database.execute(
        "INSERT INTO sale VALUES (3, 2002, 'c'), (4, 2022, 'd')",
        "UPDATE sale SET note = 'e' WHERE id = 4",
        "DELETE FROM sale WHERE id = 3");
  }

  private static List<String> told(List<ChangeEvent<Row>> events) {
    return events.stream()
        .map(
            event ->
                switch (event.operation()) {
                  case READ -> "read " + ((Read<Row>) event).after();
                  case INSERT -> "insert " + ((Insert<Row>) event).after();
                  case UPDATE -> "update " + ((Update<Row>) event).after();
                  case DELETE -> "delete " + ((ChangeEvent.Delete<Row>) event).key();
                  case TRUNCATE -> "truncate";
                })
        .toList();
  }

  @Test
  void throughTheRootEachRowComesOnceUnderItsName() throws Exception {
    createPartitions(true);
    try (Capturing everything = Capturing.everything(database)) {
      changePartitions();
      assertThat(everything.all()).allMatch(e -> e.table().toString().equals("public.sale"));
      assertThat(told(everything.all()))
          .containsExactlyInAnyOrder(
              "read {id=1, year=2001, note=a}",
              "read {id=2, year=2021, note=b}",
              "insert {id=3, year=2002, note=c}",
              "insert {id=4, year=2022, note=d}",
              "update {id=4, year=2022, note=e}",
              "delete {id=3, year=2002}");
    }
  }

  @Test
  void throughTheLeavesEachRowComesOnceUnderTheirNames() throws Exception {
    createPartitions(false);
    try (Capturing everything = Capturing.everything(database)) {
      changePartitions();
      assertThat(told(everything.of("public.sale_old")))
          .containsExactly(
              "read {id=1, year=2001, note=a}",
              "insert {id=3, year=2002, note=c}",
              "delete {id=3, year=2002}");
      assertThat(told(everything.of("public.sale_new")))
          .containsExactly(
              "read {note=b, year=2021, id=2}",
              "insert {note=d, year=2022, id=4}",
              "update {note=e, year=2022, id=4}");
      assertThat(everything.all()).hasSize(6);
    }
  }

  @Test
  void aPartitionAddedLaterAndARowThatMovesAreSeenThroughTheRoot() throws Exception {
    createPartitions(true);
    try (Capturing everything = Capturing.everything(database)) {
      database.execute(
          "CREATE TABLE sale_far PARTITION OF sale FOR VALUES FROM (2040) TO (2060)",
          "INSERT INTO sale VALUES (9, 2050, 'z')",
          "UPDATE sale SET year = 2051 WHERE id = 2",
          "TRUNCATE sale");
      assertThat(told(everything.all()).stream().skip(2))
          .as("a row that moves is deleted here and inserted there")
          .containsExactly(
              "insert {id=9, year=2050, note=z}",
              "delete {id=2, year=2021}",
              "insert {id=2, year=2051, note=b}",
              "truncate");
    }
  }

  @Test
  void wrongCombinationsAreRefusedWithWhatMendsThem() {
    createPartitions(false);
    assertThat(problems("public.sale"))
        .containsExactly(
            new Problem(
                Code.PUBLISHED_UNDER_ANOTHER_NAME,
                "The publication waltap publishes changes of public.sale under the names of the"
                    + " partitions.",
                "ALTER PUBLICATION waltap SET (publish_via_partition_root = true);"));
    database.execute("ALTER PUBLICATION waltap SET (publish_via_partition_root = true)");
    assertThat(problems("public.sale_old"))
        .containsExactly(
            new Problem(
                Code.PUBLISHED_UNDER_ANOTHER_NAME,
                "The publication waltap publishes changes of the partition public.sale_old under"
                    + " the name of public.sale.",
                "Listen to public.sale."));
  }

  private List<Problem> problems(String table) {
    return catchThrowableOfType(
            CdcException.class,
            () -> Capturing.builder(database).listen(Table.of(table), e -> {}).start())
        .problems();
  }

  @Test
  void rowsOfInheritanceChildrenAreTheirOwn() throws Exception {
    database.execute(
        "CREATE TABLE parent (id int PRIMARY KEY)",
        "CREATE TABLE child (extra text, PRIMARY KEY (id)) INHERITS (parent)",
        "INSERT INTO parent VALUES (1)",
        "INSERT INTO child VALUES (2, 'x')",
        "CREATE PUBLICATION waltap FOR TABLE parent");
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("INSERT INTO parent VALUES (3)", "INSERT INTO child VALUES (4, 'y')");
      assertThat(told(everything.of("public.parent")))
          .containsExactly("read {id=1}", "insert {id=3}");
      assertThat(told(everything.of("public.child")))
          .containsExactly("read {id=2, extra=x}", "insert {id=4, extra=y}");
    }
  }

  @Test
  void truncateNamesEachTableOnceWithThoseOfCascade() throws Exception {
    database.execute(
        "CREATE TABLE a (id int PRIMARY KEY)",
        "CREATE TABLE b (id int PRIMARY KEY REFERENCES a)",
        "CREATE TABLE c (id int PRIMARY KEY)",
        "CREATE PUBLICATION waltap FOR ALL TABLES");
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("TRUNCATE a CASCADE", "TRUNCATE b, c RESTART IDENTITY");
      List<ChangeEvent<Row>> events = everything.all();
      assertThat(events).hasSize(4).allMatch(event -> event.operation() == Operation.TRUNCATE);
      assertThat(events.subList(0, 2))
          .extracting(event -> event.table().name())
          .containsExactlyInAnyOrder("a", "b");
      assertThat(events.subList(2, 4))
          .extracting(event -> event.table().name())
          .containsExactlyInAnyOrder("b", "c");
      assertThat(events)
          .extracting(event -> event.metadata().order())
          .containsExactly(1L, 2L, 1L, 2L);
    }
  }

  private void createGenerated() {
    database.execute(
        "CREATE TABLE g (twice int GENERATED ALWAYS AS (id * 2) STORED, id int PRIMARY KEY)",
        "INSERT INTO g VALUES (DEFAULT, 1)");
  }

  @Test
  void computedColumnsAreLeftOutOfBothSnapshotAndStream() throws Exception {
    createGenerated();
    database.execute("CREATE PUBLICATION waltap FOR TABLE g");
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("INSERT INTO g VALUES (DEFAULT, 2)");
      assertThat(told(everything.all())).containsExactly("read {id=1}", "insert {id=2}");
    }
  }

  @Test
  void computedColumnsThatArePublishedAreInBoth() throws Exception {
    Assumptions.assumeTrue(
        Integer.parseInt(database.value("SHOW server_version_num")) >= 180000,
        "publish_generated_columns is new in PostgreSQL 18");
    createGenerated();
    database.execute(
        "CREATE PUBLICATION waltap FOR TABLE g WITH (publish_generated_columns = stored)");
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("INSERT INTO g VALUES (DEFAULT, 2)");
      assertThat(told(everything.all()))
          .containsExactly("read {twice=2, id=1}", "insert {twice=4, id=2}");
    }
  }

  @Test
  void columnsThatThePublicationLeavesOutAreInNeither() throws Exception {
    Assumptions.assumeTrue(
        Integer.parseInt(database.value("SHOW server_version_num")) >= 150000,
        "lists of columns are new in PostgreSQL 15");
    database.execute(
        "CREATE TABLE person (secret text, id int PRIMARY KEY, name text)",
        "INSERT INTO person VALUES ('s', 1, 'a')",
        "CREATE PUBLICATION waltap FOR TABLE person (id, name)");
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("INSERT INTO person VALUES ('s', 2, 'b')");
      assertThat(told(everything.all()))
          .containsExactly("read {id=1, name=a}", "insert {id=2, name=b}");
    }
  }

  @Test
  void rowsThatThePublicationFiltersOutAreInNeither() throws Exception {
    Assumptions.assumeTrue(
        Integer.parseInt(database.value("SHOW server_version_num")) >= 150000,
        "row filters are new in PostgreSQL 15");
    database.execute(
        "CREATE TABLE \"Or\"\"der\" (id int PRIMARY KEY, region text)",
        "ALTER TABLE \"Or\"\"der\" REPLICA IDENTITY FULL",
        "CREATE TABLE plain (id int PRIMARY KEY)",
        "INSERT INTO \"Or\"\"der\" VALUES (1, 'north'), (2, 'south'), (3, NULL)",
        "INSERT INTO plain VALUES (4)",
        "CREATE PUBLICATION waltap FOR TABLE \"Or\"\"der\" WHERE (region = 'north' OR id = 0), plain");
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("INSERT INTO \"Or\"\"der\" VALUES (5, 'north'), (6, 'south')");
      assertThat(told(everything.all()))
          .containsExactlyInAnyOrder(
              "read {id=1, region=north}", "read {id=4}", "insert {id=5, region=north}");
    }
  }
}

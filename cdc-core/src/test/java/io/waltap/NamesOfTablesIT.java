package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.preflight.Problem;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever PostgreSQL takes as a name comes through the snapshot and the stream unchanged. */
class NamesOfTablesIT {

  /** As the catalog has them. */
  private static final List<String> ODD =
      List.of(
          "MixedCase",
          "my.dotted.name",
          "with space",
          "a,comma",
          "in\"side",
          "it's",
          "100%s",
          "back\\slash",
          "new\nline",
          "tab\there",
          "\u0007bell",
          "dollar$1",
          "(group)+*?[x]{2}|^",
          "select",
          "Größe_表_🐘",
          "-- remark",
          "semi;colon",
          "é", // one character
          "e\u0301", // the same, of two
          "n" + "ame".repeat(20) + "63");

  private TestDatabase database;

  @BeforeEach
  void createDatabase() {
    database = TestDatabase.create();
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static TableId table(String name) {
    String schema = "odd " + name.substring(1);
    return new TableId(schema.substring(0, Math.min(schema.length(), 63)), name);
  }

  private void createOdd() {
    for (String name : ODD) {
      TableId table = table(name);
      String sql = table.quoted();
      String column = quoted(name);
      database.execute(
          "CREATE SCHEMA " + quoted(table.schema()),
          "CREATE TABLE "
              + sql
              + " ("
              + column
              + " int PRIMARY KEY, \"of "
              + name.length()
              + "\" text)",
          "INSERT INTO " + sql + " VALUES (1, 'x')");
    }
    database.execute("CREATE PUBLICATION waltap FOR ALL TABLES");
  }

  @Test
  void eachComesOnceFromTheSnapshotAndOnceFromTheStream() throws Exception {
    createOdd();
    try (Capturing everything = Capturing.everything(database)) {
      ODD.forEach(
          name -> database.execute("INSERT INTO " + table(name).quoted() + " VALUES (2, 'y')"));
      List<ChangeEvent<Row>> all = everything.all();
      assertThat(all).hasSize(2 * ODD.size());
      for (String name : ODD) {
        List<ChangeEvent<Row>> events =
            all.stream().filter(event -> event.table().equals(table(name))).toList();
        assertThat(events).as(name).hasSize(2);
        Read<Row> read = (Read<Row>) events.get(0);
        Insert<Row> insert = (Insert<Row>) events.get(1);
        assertThat(read.after().columns())
            .isEqualTo(insert.after().columns())
            .containsExactly(name, "of " + name.length());
        assertThat(read.key().getString(name)).isEqualTo("1");
        assertThat(insert.key().getString(name)).isEqualTo("2");
        assertThat(read.after().getString("of " + name.length())).isEqualTo("x");
      }
    }
  }

  @Test
  void aNameCanBeGivenInSqlsQuotes() throws Exception {
    createOdd();
    RecordingListener<Row> listener = new RecordingListener<>();
    TableId dotted = table("my.dotted.name");
    try (CdcEngine engine =
        Capturing.builder(database).listen(Table.of(dotted.quoted()), listener).start()) {
      Capturing.catchUp(engine, database);
    }
    assertThat(listener.events()).extracting(ChangeEvent::table).containsExactly(dotted);
  }

  private void createTwins() {
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)",
        "CREATE TABLE \"Item\" (id int PRIMARY KEY, more text)",
        "INSERT INTO item VALUES (1)",
        "INSERT INTO \"Item\" VALUES (2, 'x')",
        "CREATE PUBLICATION waltap FOR ALL TABLES");
  }

  @Test
  void tablesThatDifferOnlyByCaseAreTwo() throws Exception {
    createTwins();
    RecordingListener<Row> small = new RecordingListener<>();
    RecordingListener<Row> capital = new RecordingListener<>();
    try (CdcEngine engine =
        Capturing.builder(database)
            .listen(Table.of("public.item"), small)
            .listen(Table.of("public.Item"), capital)
            .start()) {
      database.execute("INSERT INTO item VALUES (3)", "INSERT INTO \"Item\" VALUES (4, 'y')");
      Capturing.catchUp(engine, database);
    }
    assertThat(small.events())
        .extracting(NamesOfTablesIT::after)
        .containsExactly("{id=1}", "{id=3}");
    assertThat(capital.events())
        .extracting(NamesOfTablesIT::after)
        .containsExactly("{id=2, more=x}", "{id=4, more=y}");
  }

  @Test
  void oneOfTwoThatDifferOnlyByCaseComesAlone() throws Exception {
    createTwins();
    RecordingListener<Row> capital = new RecordingListener<>();
    try (CdcEngine engine =
        Capturing.builder(database).listen(Table.of("public.Item"), capital).start()) {
      database.execute("INSERT INTO item VALUES (3)", "INSERT INTO \"Item\" VALUES (4, 'y')");
      Capturing.catchUp(engine, database);
    }
    assertThat(capital.events())
        .extracting(NamesOfTablesIT::after)
        .containsExactly("{id=2, more=x}", "{id=4, more=y}");
  }

  private static String after(ChangeEvent<Row> event) {
    return (event instanceof Read<Row> read ? read.after() : ((Insert<Row>) event).after())
        .toString();
  }

  @Test
  void whatTheEngineBelowCannotNameIsRefusedBeforeItStarts() {
    database.execute(
        "CREATE TABLE \"quoted\"\"\" (id int PRIMARY KEY)",
        "CREATE TABLE columns (id int PRIMARY KEY, \"ID\" int, \"\"\"x\" int)",
        "CREATE PUBLICATION waltap FOR ALL TABLES");

    CdcException refused =
        catchThrowableOfType(
            CdcException.class, () -> Capturing.builder(database).listenAll(event -> {}).start());

    assertThat(refused.problems())
        .extracting(Problem::what)
        .containsExactlyInAnyOrder(
            "The name of the table public.quoted\" begins or ends with a double quote.",
            "The name of the column ID of public.columns differs only by case from the column id.",
            "The name of the column \"x of public.columns begins or ends with a double quote.");
  }
}

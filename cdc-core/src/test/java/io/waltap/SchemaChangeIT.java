package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Row;
import io.waltap.event.SchemaChange;
import io.waltap.event.SchemaChange.Retyped;
import io.waltap.event.TableId;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each change has the shape that its table had when it was made, and listeners hear of others. */
class SchemaChangeIT {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final TableId ITEM = new TableId("public", "item");

  /** What the engine told, as text. */
  private final List<String> told = new CopyOnWriteArrayList<>();

  private TestDatabase database;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY, name text, qty int)",
        "CREATE PUBLICATION waltap FOR ALL TABLES");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private CdcEngine.Builder builder(OffsetStore store) {
    return Capturing.builder(database)
        .offsets(store)
        .listenAll(event -> told.add(text(event)))
        .onSchemaChange(change -> told.add(text(change)));
  }

  private static String text(ChangeEvent<Row> event) {
    if (event instanceof Delete<Row> delete) {
      return "delete " + delete.key();
    }
    Row row = event instanceof Read<Row> read ? read.after() : ((Insert<Row>) event).after();
    Row key = event instanceof Read<Row> read ? read.key() : ((Insert<Row>) event).key();
    return row + " by " + key.columns();
  }

  private static String text(SchemaChange change) {
    return "+"
        + change.added()
        + " -"
        + change.removed()
        + " "
        + change.retyped()
        + " "
        + change.keyChanged();
  }

  private static String retyped(String column, String from, String to) {
    return new Retyped(column, from, to).toString();
  }

  private static final String[] EVERY_CHANGE = {
    "INSERT INTO item VALUES (1, 'a', 1)",
    "ALTER TABLE item ADD COLUMN price numeric(9,2) DEFAULT 9.90",
    "INSERT INTO item VALUES (2, 'b', 2)",
    "ALTER TABLE item DROP COLUMN name",
    "INSERT INTO item VALUES (3, 3)",
    "ALTER TABLE item RENAME COLUMN qty TO pieces",
    "INSERT INTO item VALUES (4, 4)",
    "ALTER TABLE item ALTER COLUMN pieces TYPE text USING 'n' || pieces",
    "INSERT INTO item VALUES (5, 'five')",
    "ALTER TABLE item DROP CONSTRAINT item_pkey, ADD PRIMARY KEY (pieces, id)",
    "INSERT INTO item VALUES (6, 'six')",
    "DELETE FROM item WHERE id = 6",
    "DROP TABLE item",
    "CREATE TABLE item (other uuid, id bigint PRIMARY KEY)",
    "INSERT INTO item VALUES (NULL, 7)"
  };

  private static final String[] EVERY_TELLING = {
    "{id=1, name=a, qty=1} by [id]",
    "+[price] -[] [] false",
    "{id=2, name=b, qty=2, price=9.90} by [id]",
    "+[] -[name] [] false",
    "{id=3, qty=3, price=9.90} by [id]",
    "+[pieces] -[qty] [] false",
    "{id=4, pieces=4, price=9.90} by [id]",
    "+[] -[] [" + retyped("pieces", "int4", "text") + "] false",
    "{id=5, pieces=five, price=9.90} by [id]",
    "+[] -[] [] true",
    "{id=6, pieces=six, price=9.90} by [id, pieces]",
    "delete {id=6, pieces=six}",
    "+[other] -[pieces, price] [" + retyped("id", "int4", "int8") + "] true",
    "{other=null, id=7} by [id]"
  };

  @Test
  void changesWhileRunningAreToldBeforeTheFirstChangeOfTheNewShape() throws Exception {
    try (CdcEngine engine = builder(new InMemoryOffsetStore()).start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute(EVERY_CHANGE);
      Capturing.catchUp(engine, database);
    }
    assertThat(told).containsExactly(EVERY_TELLING);
  }

  @Test
  void changesWhileStoppedAreReadWithTheShapeOfTheirTime() throws Exception {
    OffsetStore store = new InMemoryOffsetStore();
    try (CdcEngine engine = builder(store).start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
    }
    database.execute(EVERY_CHANGE);
    try (CdcEngine engine = builder(store).start()) {
      Capturing.catchUp(engine, database);
    }
    assertThat(told).containsExactly(EVERY_TELLING);
  }

  @Test
  void theSnapshotsShapeIsTheFirstOneKnown() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 'a', 1)");
    try (CdcEngine engine = builder(new InMemoryOffsetStore()).start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute("ALTER TABLE item DROP COLUMN qty", "INSERT INTO item VALUES (2, 'b')");
      Capturing.catchUp(engine, database);
    }
    assertThat(told)
        .containsExactly(
            "{id=1, name=a, qty=1} by [id]", "+[] -[qty] [] false", "{id=2, name=b} by [id]");
  }

  @Test
  void whatWasRolledBackOrChangesNothingThatRowsShowIsNotTold() throws Exception {
    try (CdcEngine engine = builder(new InMemoryOffsetStore()).start();
        Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      connection.setAutoCommit(false);
      sql.execute("INSERT INTO item VALUES (1, 'a', 1)");
      sql.execute("SAVEPOINT before");
      sql.execute("ALTER TABLE item ADD COLUMN more text");
      sql.execute("INSERT INTO item VALUES (2, 'b', 2, 'c')");
      sql.execute("ROLLBACK TO before");
      sql.execute("CREATE INDEX ON item (name)");
      sql.execute("ALTER TABLE item ALTER COLUMN name TYPE varchar");
      sql.execute("ALTER TABLE item ALTER COLUMN name TYPE text");
      sql.execute("ALTER TABLE item REPLICA IDENTITY FULL");
      sql.execute("INSERT INTO item VALUES (3, 'c', 3)");
      connection.commit();
      Capturing.catchUp(engine, database);
    }
    assertThat(told)
        .containsExactly("{id=1, name=a, qty=1} by [id]", "{id=3, name=c, qty=3} by [id]");
  }

  @Test
  void aTypeThatIsGoneStillHasItsName() throws Exception {
    OffsetStore store = new InMemoryOffsetStore();
    database.execute(
        "CREATE TYPE mood AS ENUM ('sad')",
        "CREATE DOMAIN code AS varchar(3)",
        "CREATE TABLE felt (id int PRIMARY KEY, mood mood, code code)");
    List<Row> rows = new ArrayList<>();
    CdcEngine.Builder builder =
        Capturing.builder(database)
            .offsets(store)
            .listen(Table.of("public.felt"), event -> rows.add(((Insert<Row>) event).after()));
    try (CdcEngine engine = builder.start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
    }
    database.execute(
        "INSERT INTO felt VALUES (1, 'sad', 'abc')",
        "ALTER TABLE felt DROP COLUMN mood, DROP COLUMN code",
        "DROP TYPE mood",
        "DROP DOMAIN code");
    try (CdcEngine engine = builder.start()) {
      Capturing.catchUp(engine, database);
    }
    assertThat(rows.get(0).typeOf("mood")).isEqualTo("mood");
    assertThat(rows.get(0).typeOf("code")).isEqualTo("varchar");
  }

  @Test
  void underFullIdentityAKeyOfLaterDaysIsNotTakenForTheOldOne() throws Exception {
    OffsetStore store = new InMemoryOffsetStore();
    database.execute("ALTER TABLE item REPLICA IDENTITY FULL");
    try (CdcEngine engine = builder(store).start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
    }
    database.execute(
        "INSERT INTO item VALUES (1, 'a', 1)",
        "ALTER TABLE item ADD COLUMN tenant int DEFAULT 1, DROP CONSTRAINT item_pkey,"
            + " ADD PRIMARY KEY (tenant, name)",
        "INSERT INTO item VALUES (2, 'b', 2, 3)");
    try (CdcEngine engine = builder(store).start()) {
      Capturing.catchUp(engine, database);
    }
    assertThat(told)
        .as("name alone was never a key")
        .containsExactly(
            "{id=1, name=a, qty=1} by []",
            "+[tenant] -[] [] true",
            "{id=2, name=b, qty=2, tenant=3} by [name, tenant]");
  }

  record Item(int id, String name) {}

  @Test
  void aRecordThatNoLongerFitsStopsAndNamesTheComponent() throws Exception {
    RecordingListener<Item> items = new RecordingListener<>();
    CdcEngine.Builder builder =
        Capturing.builder(database).listen(Table.of("public.item", Item.class), items);
    try (CdcEngine engine = builder.start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute(
          "INSERT INTO item VALUES (1, 'a')",
          "ALTER TABLE item RENAME COLUMN name TO label",
          "INSERT INTO item VALUES (2, 'b')");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("component 'name' of Item, table public.item")
          .hasMessageContaining("[id, label, qty]");
    }
    assertThat(items.events()).hasSize(1);
  }

  @Test
  void aSchemaListenerThatThrowsStopsTheEngineBeforeTheChange() throws Exception {
    OffsetStore store = new InMemoryOffsetStore();
    CdcEngine.Builder refusing =
        Capturing.builder(database)
            .offsets(store)
            .listenAll(event -> told.add(text(event)))
            .onSchemaChange(
                change -> {
                  throw new IllegalStateException("not prepared");
                });
    try (CdcEngine engine = refusing.start()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute(
          "INSERT INTO item VALUES (1, 'a', 1)",
          "ALTER TABLE item DROP COLUMN qty",
          "INSERT INTO item VALUES (2, 'b')");
      assertThatThrownBy(engine::awaitStopped)
          .hasMessageContaining("public.item")
          .hasRootCauseMessage("not prepared");
    }
    assertThat(told).containsExactly("{id=1, name=a, qty=1} by [id]");
    try (CdcEngine engine = builder(store).start()) {
      Capturing.catchUp(engine, database);
    }
    assertThat(told).last().isEqualTo("{id=2, name=b} by [id]");
  }

  @Test
  void aTableAlteredDuringTheSnapshotKeepsItsShapeInAllOfItsRows() throws Exception {
    database.execute(
        "INSERT INTO item VALUES (1, 'a', 1)",
        "CREATE TABLE other (id int PRIMARY KEY, name text, qty int)",
        "INSERT INTO other SELECT i, 'n' || i, i FROM generate_series(1, 50) i");
    CountDownLatch reading = new CountDownLatch(1);
    CountDownLatch altered = new CountDownLatch(1);
    List<ChangeEvent<Row>> others = new CopyOnWriteArrayList<>();
    CdcEngine.Builder builder =
        CdcEngine.builder(Capturing.config(database).maxBatchSize(1).build())
            .offsets(new InMemoryOffsetStore())
            .listenAll(
                event -> {
                  if (event.table().equals(ITEM)) {
                    reading.countDown();
                    assertThat(altered.await(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
                  } else {
                    others.add(event);
                  }
                });
    try (CdcEngine engine = builder.start()) {
      reading.await();
      database.execute(
          "ALTER TABLE other DROP COLUMN name, ADD COLUMN more text DEFAULT 'm',"
              + " ALTER COLUMN qty TYPE numeric",
          "INSERT INTO other VALUES (51, 5.1, 'x')");
      altered.countDown();
      Capturing.catchUp(engine, database);
    }
    assertThat(others).hasSize(51);
    Row first = ((Read<Row>) others.get(0)).after();
    assertThat(first).hasToString("{id=1, name=n1, qty=1}");
    assertThat(first.typeOf("qty")).isEqualTo("int4");
    assertThat(((Insert<Row>) others.get(50)).after()).hasToString("{id=51, qty=5.1, more=x}");
  }
}

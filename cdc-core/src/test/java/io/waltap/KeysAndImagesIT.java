package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Row;
import io.waltap.testing.TestDatabase;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Keys, previous keys and old rows under every replica identity; nothing is ever made up. */
class KeysAndImagesIT {

  private static TestDatabase database;
  private static Capturing capturing;

  @BeforeAll
  static void start() throws Exception {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE by_default (note text, id int PRIMARY KEY)",
        "CREATE TABLE composite (a int, note text, b text, PRIMARY KEY (b, a))",
        "CREATE TABLE by_full (note text, id int PRIMARY KEY)",
        "ALTER TABLE by_full REPLICA IDENTITY FULL",
        "CREATE TABLE by_index (id int PRIMARY KEY, note text, code text NOT NULL)",
        "CREATE UNIQUE INDEX by_code ON by_index (code)",
        "ALTER TABLE by_index REPLICA IDENTITY USING INDEX by_code",
        "CREATE TABLE keyless (a int, b text)",
        "ALTER TABLE keyless REPLICA IDENTITY FULL",
        "CREATE TABLE covering (id int, note text, PRIMARY KEY (id) INCLUDE (note))",
        "CREATE TABLE covering_full (id int, note text, PRIMARY KEY (id) INCLUDE (note))",
        "ALTER TABLE covering_full REPLICA IDENTITY FULL",
        "CREATE TABLE large_key (name text PRIMARY KEY, note text)",
        "ALTER TABLE large_key ALTER COLUMN name SET STORAGE EXTERNAL",
        "CREATE TABLE log_only (id int PRIMARY KEY, note text)",
        "INSERT INTO by_index VALUES (1, 'read', 'r')",
        "INSERT INTO covering_full VALUES (1, 'read')",
        "CREATE PUBLICATION waltap FOR ALL TABLES");
    capturing = Capturing.everything(database);
  }

  @AfterAll
  static void stop() {
    capturing.close();
    database.close();
  }

  private static Update<Row> update(ChangeEvent<Row> event) {
    assertThat(event).isInstanceOf(Update.class);
    return (Update<Row>) event;
  }

  private static void assertRow(@Nullable Row row, String text) {
    assertThat(Objects.requireNonNull(row)).hasToString(text);
  }

  @Test
  void underDefaultIdentityOldRowsAreNotThere() throws Exception {
    database.execute(
        "INSERT INTO by_default VALUES ('a', 1)",
        "UPDATE by_default SET note = 'b'",
        "UPDATE by_default SET id = 2, note = 'c'",
        "DELETE FROM by_default");

    List<ChangeEvent<Row>> events = capturing.of("public.by_default");

    assertThat(events).hasSize(4);
    assertRow(((Insert<Row>) events.get(0)).key(), "{id=1}");
    Update<Row> same = update(events.get(1));
    assertRow(same.key(), "{id=1}");
    assertThat(same.keyChanged()).isFalse();
    assertThat(same.previousKey()).isNull();
    assertThat(same.before()).isNull();
    Update<Row> moved = update(events.get(2));
    assertRow(moved.key(), "{id=2}");
    assertThat(moved.keyChanged()).isTrue();
    assertRow(moved.previousKey(), "{id=1}");
    assertThat(moved.before()).isNull();
    assertRow(moved.after(), "{note=c, id=2}");
    Delete<Row> deleted = (Delete<Row>) events.get(3);
    assertRow(deleted.key(), "{id=2}");
    assertThat(deleted.before()).isNull();
  }

  @Test
  void aCompositeKeyHasItsColumnsInTheOrderOfTheTable() throws Exception {
    database.execute(
        "INSERT INTO composite VALUES (1, 'x', 'one')",
        "UPDATE composite SET b = 'eins'",
        "DELETE FROM composite");

    List<ChangeEvent<Row>> events = capturing.of("public.composite");

    assertThat(events).hasSize(3);
    assertRow(update(events.get(1)).key(), "{a=1, b=eins}");
    assertRow(update(events.get(1)).previousKey(), "{a=1, b=one}");
    assertThat(update(events.get(1)).before()).isNull();
    assertRow(((Delete<Row>) events.get(2)).key(), "{a=1, b=eins}");
  }

  @Test
  void underFullIdentityTheWholeOldRowIsThereAndTheKeyIsThePrimaryKey() throws Exception {
    database.execute(
        "INSERT INTO by_full VALUES ('a', 1)",
        "UPDATE by_full SET note = NULL",
        "UPDATE by_full SET id = 2",
        "DELETE FROM by_full");

    List<ChangeEvent<Row>> events = capturing.of("public.by_full");

    assertThat(events).hasSize(4);
    assertRow(update(events.get(1)).before(), "{note=a, id=1}");
    assertThat(update(events.get(1)).keyChanged()).isFalse();
    assertRow(update(events.get(2)).key(), "{id=2}");
    assertRow(update(events.get(2)).previousKey(), "{id=1}");
    assertRow(update(events.get(2)).before(), "{note=null, id=1}");
    assertRow(((Delete<Row>) events.get(3)).key(), "{id=2}");
    assertRow(((Delete<Row>) events.get(3)).before(), "{note=null, id=2}");
  }

  @Test
  void underIndexIdentityTheKeyIsTheIndexs() throws Exception {
    database.execute(
        "INSERT INTO by_index VALUES (2, 'x', 'c')",
        "UPDATE by_index SET id = 3 WHERE code = 'c'",
        "UPDATE by_index SET code = 'd' WHERE code = 'c'",
        "DELETE FROM by_index WHERE code = 'd'");

    List<ChangeEvent<Row>> events = capturing.of("public.by_index");

    assertThat(events).hasSize(5);
    assertRow(((Read<Row>) events.get(0)).key(), "{code=r}");
    assertRow(((Insert<Row>) events.get(1)).key(), "{code=c}");
    assertThat(update(events.get(2)).keyChanged()).as("the primary key is not the key").isFalse();
    assertRow(update(events.get(3)).key(), "{code=d}");
    assertRow(update(events.get(3)).previousKey(), "{code=c}");
    assertThat(update(events.get(3)).before()).isNull();
    assertRow(((Delete<Row>) events.get(4)).key(), "{code=d}");
    assertThat(((Delete<Row>) events.get(4)).before()).isNull();
  }

  @Test
  void withoutPrimaryKeyTheKeyHasNoColumns() throws Exception {
    database.execute(
        "INSERT INTO keyless VALUES (1, 'x')", "UPDATE keyless SET a = 2", "DELETE FROM keyless");

    List<ChangeEvent<Row>> events = capturing.of("public.keyless");

    assertThat(events).hasSize(3);
    assertRow(((Insert<Row>) events.get(0)).key(), "{}");
    assertThat(update(events.get(1)).keyChanged()).isFalse();
    assertRow(update(events.get(1)).before(), "{a=1, b=x}");
    assertRow(((Delete<Row>) events.get(2)).key(), "{}");
    assertRow(((Delete<Row>) events.get(2)).before(), "{a=2, b=x}");
  }

  @Test
  void columnsThatAnIndexOnlyIncludesAreNoKey() throws Exception {
    database.execute(
        "INSERT INTO covering VALUES (1, 'x')", "INSERT INTO covering_full VALUES (2, 'x')");

    assertRow(((Insert<Row>) capturing.of("public.covering").get(0)).key(), "{id=1}");
    assertRow(((Read<Row>) capturing.of("public.covering_full").get(0)).key(), "{id=1}");
    assertRow(((Insert<Row>) capturing.of("public.covering_full").get(1)).key(), "{id=2}");
  }

  @Test
  void aLargeKeyThatAnUpdateLeavesAloneIsThereAndUnchanged() throws Exception {
    database.execute(
        "INSERT INTO large_key VALUES (repeat('k', 2500), 'x')", "UPDATE large_key SET note = 'y'");

    Update<Row> update = update(capturing.of("public.large_key").get(1));

    assertThat(update.key().getString("name")).isEqualTo("k".repeat(2500));
    assertThat(update.after().getString("name")).isEqualTo("k".repeat(2500));
    assertThat(update.keyChanged()).isFalse();
    assertThat(update.before()).isNull();
  }

  @Test
  void withoutIdentityInsertsHaveThePrimaryKey() throws Exception {
    database.execute(
        "ALTER TABLE log_only REPLICA IDENTITY NOTHING", "INSERT INTO log_only VALUES (7, 'x')");

    assertRow(((Insert<Row>) capturing.of("public.log_only").get(0)).key(), "{id=7}");
  }
}

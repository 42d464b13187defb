package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.preflight.Problem;
import io.waltap.testing.TestDatabase;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Names that try to be SQL, as schema, table and column at once: each is delivered like any other
 * or refused by name, and nothing in it is ever run.
 */
class HostileNamesIT {

  private static final String DROP = "DROP TABLE public.canary";

  private TestDatabase database;

  @BeforeEach
  void createCanary() {
    database = TestDatabase.create();
    database.execute("CREATE TABLE canary (id int PRIMARY KEY)", "INSERT INTO canary VALUES (1)");
  }

  @AfterEach
  void dropDatabase() {
    assertThat(database.column("SELECT id FROM canary"))
        .as("the canary lives")
        .containsExactly("1");
    database.close();
  }

  static Stream<String> delivered() {
    return Stream.of(
        "x\"; " + DROP + "; --x",
        "x'; " + DROP + "; --x",
        "x\"\"; " + DROP + "; --x",
        "x$$; " + DROP + "; $$x",
        "x\\'; " + DROP + "; --x",
        "x\n; " + DROP + ";\n--x",
        "x/* " + DROP + " */x",
        "x'::regclass); " + DROP + "; --",
        "a.b.c",
        "a,b",
        "%s %d %n %",
        "_",
        "__proto__",
        "in between\t\r\n.",
        " leads and trails ",
        "\ttab\r\n",
        "UPPER lower",
        "{}[]()*+?|^$.",
        "${env:HOME}",
        "null",
        "\u202Egpj.exe",
        "\u00e9\u0301\ud83d\udc18",
        "n".repeat(63),
        "\u00e9".repeat(31) + "n");
  }

  static Stream<String> refused() {
    return Stream.of("\"", "\"x", "x\"", "\"; " + DROP + "; --\"", "\"x\"");
  }

  private TableId create(String name) {
    TableId table = new TableId(name, name);
    String quoted = '"' + name.replace("\"", "\"\"") + '"';
    database.execute(
        "CREATE SCHEMA " + quoted,
        "CREATE TABLE " + table.quoted() + " (" + quoted + " int PRIMARY KEY, id text)",
        "INSERT INTO " + table.quoted() + " VALUES (1, 'x')",
        "CREATE PUBLICATION waltap FOR TABLE " + table.quoted());
    return table;
  }

  @ParameterizedTest
  @MethodSource("delivered")
  void isDelivered(String name) throws Exception {
    TableId table = create(name);
    try (Capturing everything = Capturing.everything(database)) {
      database.execute("INSERT INTO " + table.quoted() + " VALUES (2, 'y')");
      List<ChangeEvent<Row>> events = everything.all();
      assertThat(events).extracting(ChangeEvent::table).containsExactly(table, table);
      assertThat(((Read<Row>) events.get(0)).after().getString(name)).isEqualTo("1");
      assertThat(((Insert<Row>) events.get(1)).after().getString(name)).isEqualTo("2");
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void isRefusedByName(String name) {
    create(name);
    CdcException refused =
        catchThrowableOfType(
            CdcException.class, () -> Capturing.builder(database).listenAll(event -> {}).start());
    assertThat(refused.problems())
        .extracting(Problem::what)
        .hasSize(3)
        .allSatisfy(
            what -> assertThat(what).contains(name).contains("begins or ends with a double quote"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\"; DROP", "a'b", "a b", "a.b", "a,b", "A", "", "\u00e9", "a\n", "a%"})
  void noSlotOrPublicationIsNamedSo(String name) {
    CdcConfig.Builder config = Capturing.config(database);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.slot(name).build())
        .withMessageContaining("slot must consist of");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> config.slot("s").publication(name).build())
        .withMessageContaining("publication must consist of");
  }

  @Test
  void aRoleWithSuchANameConnects() throws Exception {
    String role = "x\"; " + DROP + "; --";
    String quoted = '"' + role.replace("\"", "\"\"") + '"';
    create("item");
    database.execute("CREATE ROLE " + quoted + " LOGIN REPLICATION SUPERUSER PASSWORD 'right'");
    try (CdcEngine engine =
        CdcEngine.builder(Capturing.config(database).user(role).password("right").build())
            .listenAll(event -> {})
            .offsets(new io.waltap.offset.InMemoryOffsetStore())
            .start()) {
      Capturing.catchUp(engine, database);
    } finally {
      database.execute("DROP ROLE " + quoted);
    }
  }
}

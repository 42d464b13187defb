package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkloadShapesIT {

  private static final String ROWS =
      "SELECT md5(string_agg(concat_ws('|', transaction_id, user_id, \"timestamp\", amount, city,"
          + " merchant_name, voucher_code), ',' ORDER BY transaction_id)) FROM transactions";

  private AuditedDatabase audited;
  private TestDatabase database;

  @BeforeEach
  void open() throws SQLException {
    audited = new AuditedDatabase();
    database = audited.database();
  }

  @AfterEach
  void close() {
    audited.close();
  }

  @ParameterizedTest
  @EnumSource(InsertStyle.class)
  void everyStyleWritesWhatItCounts(InsertStyle style) throws SQLException {
    Totals totals =
        Workload.builder()
            .seed(3)
            .count(2_005)
            .inserts(style)
            .mix(Mix.parse("insert=70,update=20,delete=5,key=5"))
            .rowsPerTransaction(new Range(1, 300))
            .build()
            .run(audited.connection());
    assertThat(totals.all()).isEqualTo(2_005);
    assertThat(totals).isEqualTo(audited.totals());
    assertThat(audited.number("SELECT count(*) FROM transactions"))
        .isEqualTo(totals.inserts() - totals.deletes());
    assertThat(sizes()).hasSizeBetween(8, 30).anyMatch(size -> size > 150);
  }

  private List<Integer> sizes() {
    return database.column("SELECT count(*) FROM audit GROUP BY transaction").stream()
        .map(size -> Integer.valueOf(String.valueOf(size)))
        .toList();
  }

  @Test
  void copyStoresTheSameValuesAsInsert() throws SQLException {
    String inserted = digest(InsertStyle.ROWS);
    assertThat(digest(InsertStyle.BATCH)).isEqualTo(inserted);
    assertThat(digest(InsertStyle.COPY)).isEqualTo(inserted);
  }

  private String digest(InsertStyle style) throws SQLException {
    database.execute("TRUNCATE transactions");
    Workload.builder()
        .seed(3)
        .count(500)
        .inserts(style)
        .mix(new Mix(1, 0, 0))
        .build()
        .run(audited.connection());
    return database.value(ROWS);
  }

  @Test
  void writersShareTheCountAndRepeatTheirRows() throws SQLException {
    Totals totals = parallel();
    assertThat(totals).isEqualTo(audited.totals());
    assertThat(totals.all()).isEqualTo(1_003);
    String first = database.value(ROWS);
    database.execute("TRUNCATE transactions, audit");
    assertThat(parallel()).isEqualTo(totals);
    assertThat(database.value(ROWS)).isEqualTo(first);
  }

  private Totals parallel() throws SQLException {
    return Workload.builder().seed(11).count(1_003).writers(4).build().run(database::connect);
  }

  @Test
  void failureOfOneWriterEndsAllAndCountsOnlyWhatIsCommitted() {
    database.execute(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF (SELECT count(*) FROM transactions) >= 300 THEN
            RAISE EXCEPTION 'full' USING ERRCODE = '53100';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON transactions
          FOR EACH ROW EXECUTE FUNCTION refuse()""");
    Workload workload = Workload.builder().writers(3).build();
    assertThatThrownBy(() -> workload.run(database::connect)).hasMessageContaining("full");
    assertThat(workload.totals()).isEqualTo(audited.totals());
    assertThat(workload.totals().inserts()).isPositive();
  }

  @ParameterizedTest
  @EnumSource(InsertStyle.class)
  void refusalAmongManyRowsIsToldAndLeavesTheConnectionUsable(InsertStyle style)
      throws SQLException {
    database.execute(
        """
        CREATE SEQUENCE tried;
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF nextval('tried') = 7500 THEN
            RAISE EXCEPTION 'full' USING ERRCODE = '53100';
          END IF;
          RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON transactions
          FOR EACH ROW EXECUTE FUNCTION refuse()""");
    Workload workload =
        Workload.builder()
            .count(20_000)
            .inserts(style)
            .mix(new Mix(1, 0, 0))
            .rowsPerTransaction(5_000)
            .build();
    assertThatThrownBy(() -> workload.run(audited.connection()))
        .isInstanceOf(SQLException.class)
        .hasStackTraceContaining("full");
    assertThat(workload.totals()).isEqualTo(new Totals(5_000, 0, 0)).isEqualTo(audited.totals());
    assertThat(audited.number("SELECT count(*) FROM transactions")).isEqualTo(5_000);
  }

  @Test
  @Timeout(30)
  void aLackOfMemoryInOneWriterEndsAll() {
    AtomicInteger opened = new AtomicInteger();
    Workload workload = Workload.builder().writers(2).rate(100).build();
    assertThatThrownBy(
            () ->
                workload.run(
                    () -> {
                      if (opened.incrementAndGet() == 3) {
                        throw new OutOfMemoryError("on purpose");
                      }
                      return database.connect();
                    }))
        .isInstanceOf(OutOfMemoryError.class);
  }

  @ParameterizedTest
  @EnumSource(InsertStyle.class)
  void rollbacksReachTheServerAndAreNotCounted(InsertStyle style) throws SQLException {
    Workload workload =
        Workload.builder()
            .seed(4)
            .count(1_000)
            .inserts(style)
            .mix(new Mix(1, 0, 0))
            .extras(new Extras(0.3, 0, Duration.ZERO, 0, null))
            .build();
    assertThat(workload.run(audited.connection()))
        .isEqualTo(new Totals(1_000, 0, 0))
        .isEqualTo(audited.totals());
    assertThat(workload.rolledBackRows()).isBetween(250L, 620L);
    long tried = audited.number("SELECT last_value FROM audit_id_seq");
    assertThat(tried).isEqualTo(1_000 + workload.rolledBackRows());
  }

  @Test
  void keysChangeAndTheTableIsEmptiedNowAndThen() throws SQLException {
    database.execute(
        """
        CREATE TABLE truncates (at timestamptz);
        CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN INSERT INTO truncates VALUES (now()); RETURN NULL; END $$;
        CREATE TRIGGER note AFTER TRUNCATE ON transactions EXECUTE FUNCTION note()""");
    Workload.builder()
        .seed(4)
        .count(1_000)
        .mix(Mix.parse("insert=60,key=38,truncate=2"))
        .build()
        .run(audited.connection());
    assertThat(audited.number("SELECT count(*) FROM truncates")).isBetween(8L, 35L);
    assertThat(
            audited.number(
                "SELECT count(*) FROM audit WHERE operation = 'UPDATE'"
                    + " AND changes ? 'transaction_id'"))
        .isBetween(250L, 450L)
        .isEqualTo(audited.totals().updates());
  }

  @Test
  void payloadsAreStoredApart() throws SQLException {
    Workload.builder()
        .seed(4)
        .count(30)
        .mix(new Mix(1, 0, 0))
        .payload(new Range(5_000, 20_000))
        .build()
        .run(audited.connection());
    assertThat(audited.number("SELECT min(length(payload)) FROM transactions"))
        .isBetween(5_000L, 20_000L);
    assertThat(
            audited.number(
                "SELECT pg_table_size(oid) - pg_relation_size(oid) FROM pg_class"
                    + " WHERE oid = 'transactions'::regclass"))
        .as("bytes outside of the table itself")
        .isGreaterThan(150_000);
  }

  @Test
  void columnsChangeTheirNamesAndTakeNoMoreRoom() throws SQLException {
    database.execute(
        """
        CREATE TABLE alters (id serial, columns text);
        CREATE FUNCTION note() RETURNS event_trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO alters (columns) SELECT attname FROM pg_attribute
          WHERE attrelid = 'transactions'::regclass AND attname LIKE 'generator%';
        END $$;
        CREATE EVENT TRIGGER note ON ddl_command_end WHEN TAG IN ('ALTER TABLE')
          EXECUTE FUNCTION note()""");
    long before = attributes();
    Workload.builder()
        .count(100)
        .extras(new Extras(0, 0, Duration.ZERO, 2, null))
        .build()
        .run(audited.connection());
    assertThat(database.column("SELECT columns FROM alters ORDER BY id"))
        .containsExactly(
            "generator_note",
            "generator_remark",
            "generator_note",
            "generator_remark",
            "generator_note");
    assertThat(attributes()).isEqualTo(before + 1);
  }

  private long attributes() {
    return audited.number(
        "SELECT max(attnum) FROM pg_attribute WHERE attrelid = 'transactions'::regclass");
  }

  @Test
  void aPayloadColumnOfAnotherTypeIsNamed() {
    database.execute("ALTER TABLE transactions ADD payload bytea");
    assertThatIllegalStateException()
        .isThrownBy(() -> Workload.builder().payload(Range.of(5)).build().run(audited.connection()))
        .withMessageContaining("(payload is of type bytea)");
  }

  @Test
  void messagesPrecedeTheRows() throws SQLException {
    database.execute("SELECT pg_create_logical_replication_slot('notes', 'test_decoding')");
    Workload.builder()
        .count(20)
        .extras(new Extras(0, 0, Duration.ZERO, 0, "life"))
        .build()
        .run(audited.connection());
    assertThat(
            database.column(
                "SELECT data FROM pg_logical_slot_get_changes('notes', NULL, NULL)"
                    + " WHERE data LIKE 'message:%'"))
        .hasSize(2)
        .allMatch(data -> String.valueOf(data).contains("prefix: life"));
  }

  @Test
  void longTransactionsHoldStillAndStopWakesThem() throws Exception {
    Workload workload =
        Workload.builder()
            .count(100)
            .extras(new Extras(0, 3, Duration.ofHours(1), 0, null))
            .build();
    Thread stopper =
        new Thread(
            () -> {
              Await.until(
                  "a transaction stays open",
                  () ->
                      database
                          .value(
                              "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                                  + " current_database() AND state = 'idle in transaction'"
                                  + " AND state_change < clock_timestamp() - interval '300 ms'")
                          .equals("1"));
              workload.stop();
            });
    stopper.start();
    try (var connection = database.connect()) {
      assertThat(workload.run(connection).all()).isEqualTo(30);
    }
    stopper.join();
  }

  @Test
  void accountsExcludeWhatWouldBreakTheirSums() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Workload.builder().accounts().inserts(InsertStyle.COPY).build())
        .withMessageStartingWith("Accounts go with rows one by one");
  }
}

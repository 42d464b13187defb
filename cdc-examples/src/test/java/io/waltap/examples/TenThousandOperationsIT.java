package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.generator.Mix;
import io.waltap.generator.TransactionSchema;
import io.waltap.generator.Workload;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.RecordingListener;
import io.waltap.testing.TestDatabase;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Two writers at once make 10,000 changes; what arrives is held against the server's own books. */
@Timeout(180)
class TenThousandOperationsIT {

  private static final int EACH = 5_000;
  private static final Mix MIX = new Mix(40, 40, 20);

  /** In the order of the statements within a transaction, with the amount as the server's text. */
  private static final String AUDIT =
      """
      CREATE TABLE audit (id bigserial, line text, transaction xid);
      CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE r transactions;
      BEGIN
        IF TG_OP = 'DELETE' THEN r := OLD; ELSE r := NEW; END IF;
        INSERT INTO audit (line, transaction)
        VALUES (concat_ws(' ', TG_OP, r.transaction_id, r.amount), pg_current_xact_id()::xid);
        RETURN NULL;
      END $$;
      CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON transactions
        FOR EACH ROW EXECUTE FUNCTION audit()""";

  /** A slot of the server's own decoder tells in which order transactions have committed. */
  private static final String EXPECTED =
      """
      SELECT a.transaction || ' ' || a.line
        FROM (SELECT xid, row_number() OVER () AS place
                FROM pg_logical_slot_get_binary_changes('%s', NULL, NULL,
                       'proto_version', '1', 'publication_names', 'waltap')
               WHERE get_byte(data, 0) = ascii('C')) AS commits
        JOIN audit a ON a.transaction = commits.xid
       ORDER BY commits.place, a.id""";

  private final TestDatabase database = TestDatabase.create();
  private final RecordingListener<Transaction> listener = new RecordingListener<>();
  private final String book = database.name() + "_book";

  @BeforeEach
  void writeWhileItStreams() throws Exception {
    TransactionSchema.apply(database.connection());
    database.execute(
        AUDIT, "SELECT pg_create_logical_replication_slot('" + book + "', 'pgoutput')");
    try (CdcEngine engine = start()) {
      CompletableFuture<Long> other = CompletableFuture.supplyAsync(() -> write(1));
      assertThat(write(2) + other.get(60, TimeUnit.SECONDS)).isEqualTo(2 * EACH);
      Lsn end = Lsn.parse(database.value("SELECT pg_current_wal_lsn()"));
      assertThat(engine.awaitProcessed(end, Duration.ofSeconds(60))).isTrue();
    }
  }

  private CdcEngine start() throws InterruptedException {
    CdcConfig config =
        CdcConfig.builder()
            .url(database.url())
            .user(database.user())
            .password(database.password())
            .slot(database.name())
            .build();
    return CdcEngine.builder(config)
        .listen(Table.of("public.transactions", Transaction.class), listener)
        .offsets(new InMemoryOffsetStore())
        .start();
  }

  private long write(long seed) {
    try (Connection connection = database.connect()) {
      return Workload.builder().seed(seed).count(EACH).mix(MIX).build().run(connection).all();
    } catch (SQLException e) {
      throw new CompletionException(e);
    }
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @Test
  void allArriveOnceInOrderWithTheirValues() {
    arrivedOnceInTheOrderOfCommits();
    transactionsAreWholeAndNumbered();
    rowsAreWhatTheTableHolds();
    changeInfoTellsWhatChanged();
  }

  private void arrivedOnceInTheOrderOfCommits() {
    List<String> received = new ArrayList<>();
    for (ChangeEvent<Transaction> event : listener.events()) {
      Transaction row = row(event);
      received.add(
          "%d %s %s %s"
              .formatted(
                  event.metadata().transactionId(),
                  event.operation(),
                  row.transactionId(),
                  Objects.requireNonNull(row.amount()).toPlainString()));
    }
    assertThat(received)
        .hasSize(2 * EACH)
        .containsExactlyElementsOf(database.column(EXPECTED.formatted(book)));
  }

  private void transactionsAreWholeAndNumbered() {
    Map<Lsn, Long> lastOrder = new LinkedHashMap<>();
    Lsn last = new Lsn(0);
    for (ChangeEvent<Transaction> event : listener.events()) {
      ChangeMetadata metadata = event.metadata();
      Lsn commit = Objects.requireNonNull(metadata.commitLsn());
      assertThat(commit).isGreaterThanOrEqualTo(last);
      last = commit;
      assertThat(metadata.order()).isEqualTo(lastOrder.merge(commit, 1L, Long::sum));
      assertThat(metadata.snapshot()).isFalse();
    }
    assertThat(lastOrder).hasSize(2 * EACH / 10);
  }

  private void rowsAreWhatTheTableHolds() {
    Map<String, String> table = new HashMap<>();
    for (String line :
        database.column("SELECT transaction_id || ' ' || amount::text FROM transactions")) {
      String[] parts = Objects.requireNonNull(line).split(" ", 2);
      table.put(parts[0], parts[1]);
    }
    Map<String, Transaction> rows = rows();
    assertThat(rows).hasSameSizeAs(table);
    table.forEach(
        (key, text) -> {
          BigDecimal amount = Objects.requireNonNull(rows.get(key)).amount();
          assertThat(amount).as(key).isEqualTo(new BigDecimal(text)).hasToString(text);
        });
  }

  /** The rows as a listener knows them at the end; on the way, each change must fit the last. */
  private Map<String, Transaction> rows() {
    Map<String, Transaction> rows = new HashMap<>();
    for (ChangeEvent<Transaction> event : listener.events()) {
      String key = row(event).transactionId();
      if (event instanceof Insert<Transaction> insert) {
        assertThat(rows.put(key, insert.after())).isNull();
      } else if (event instanceof Update<Transaction> update) {
        assertThat(rows.put(key, update.after())).isEqualTo(update.before());
      } else if (event instanceof Delete<Transaction> delete) {
        assertThat(rows.remove(key)).isNotNull().isEqualTo(delete.before());
      }
    }
    return rows;
  }

  private void changeInfoTellsWhatChanged() {
    TreeSet<String> kinds = new TreeSet<>();
    for (ChangeEvent<Transaction> event : listener.events()) {
      if (event instanceof Update<Transaction> update) {
        Map<String, String> told = told(Objects.requireNonNull(update.after().changeInfo()));
        assertThat(told).isEqualTo(seen(Objects.requireNonNull(update.before()), update.after()));
        kinds.addAll(told.keySet());
        assertThat(update.after().modifiedBy()).isEqualTo(database.user());
        assertThat(update.after().modifiedAt()).isNotNull();
      } else if (event.operation() == Operation.INSERT) {
        assertThat(row(event).changeInfo()).isNull();
      }
    }
    assertThat(kinds).containsExactly("amount", "city", "voucher_code");
  }

  private static Map<String, String> told(JsonNode info) {
    Map<String, String> changes = new HashMap<>();
    for (Map.Entry<String, JsonNode> entry : info.properties()) {
      JsonNode change = entry.getValue();
      if (change.isObject()) {
        changes.put(entry.getKey(), text(change.get("old")) + " -> " + text(change.get("new")));
      }
    }
    return changes;
  }

  private static String text(JsonNode value) {
    return value.isNumber() ? value.decimalValue().toPlainString() : value.asText();
  }

  private static Map<String, String> seen(Transaction before, Transaction after) {
    Map<String, String> changes = new HashMap<>();
    compare(changes, "amount", before.amount(), after.amount());
    compare(changes, "city", before.city(), after.city());
    compare(changes, "voucher_code", before.voucherCode(), after.voucherCode());
    return changes;
  }

  private static void compare(
      Map<String, String> changes, String name, @Nullable Object old, @Nullable Object now) {
    if (!Objects.equals(old, now)) {
      changes.put(name, old + " -> " + now);
    }
  }

  private static Transaction row(ChangeEvent<Transaction> event) {
    if (event instanceof Insert<Transaction> insert) {
      return insert.after();
    }
    if (event instanceof Update<Transaction> update) {
      return update.after();
    }
    return Objects.requireNonNull(((Delete<Transaction>) event).before());
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.event.Transaction;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.listener.TransactionListener;
import io.waltap.table.Table;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** One commit, one call. */
@Timeout(120)
class TransactionsIT extends ListenedItems {

  private static final Table<Note> NOTES = Table.of("public.note", Note.class);

  record Note(long no, String body) {}

  private final List<Transaction> transactions = new CopyOnWriteArrayList<>();

  @BeforeEach
  void createNotes() {
    database.execute(
        "CREATE TABLE note (no bigint PRIMARY KEY, body text)",
        "ALTER PUBLICATION waltap ADD TABLE note");
  }

  private CdcEngine.Builder listening(Table<?>... tables) {
    return builder().onTransaction(transactions::add, tables);
  }

  private static String emit(String prefix, String text) {
    return "SELECT pg_logical_emit_message(true, '" + prefix + "', '" + text + "')";
  }

  private static Stream<ChangeEvent<?>> changes(List<Transaction> pieces) {
    return pieces.stream().flatMap(piece -> piece.changes().stream());
  }

  private static List<Integer> itemIds(List<Transaction> pieces) {
    return ids(changes(pieces).toList());
  }

  @Test
  void oneCommitIsOneUnitOfTypedChangesAndMessagesInOneOrder() throws Exception {
    try (CdcEngine engine = running(listening(ITEMS, NOTES))) {
      transaction(
          emit("user", "ann"),
          "INSERT INTO item VALUES (1, 1, 'a')",
          "INSERT INTO note VALUES (7, 'b')",
          emit("request", "4711"),
          "UPDATE item SET price = 2 WHERE id = 1",
          "DELETE FROM note WHERE no = 7");
      insert(2, 2);
      awaitProcessed(engine);
      assertThat(engine.status().delivered()).isEqualTo(5);
    }
    assertThat(transactions).hasSize(2);
    Transaction first = transactions.get(0);
    assertThat(first.changes())
        .extracting(change -> change.operation() + " " + change.table().name())
        .containsExactly("INSERT item", "INSERT note", "UPDATE item", "DELETE note");
    assertThat(first.changes())
        .extracting(change -> change.metadata().order())
        .containsExactly(2L, 3L, 5L, 6L);
    assertThat(first.messages())
        .extracting(message -> message.order() + " " + message.prefix() + "=" + message.text())
        .containsExactly("1 user=ann", "4 request=4711");
    assertThat(((Insert<?>) first.changes().get(0)).after()).isInstanceOf(Item.class);
    assertThat(((Insert<?>) first.changes().get(1)).after()).isEqualTo(new Note(7, "b"));
    assertThat(first.changesOf(TableId.parse("public.note"))).hasSize(2);
    assertThat(first.piece()).isEqualTo(1);
    assertThat(first.last()).isTrue();
    assertThat(itemIds(transactions.subList(1, 2))).containsExactly(2);
  }

  @Test
  void itsIdAndTimeAndPositionAreThoseOfTheServer() throws Exception {
    database.value("SELECT pg_create_logical_replication_slot('" + probe() + "', 'pgoutput')");
    try (CdcEngine engine = running(listening(ITEMS))) {
      insert(1, 1);
      transaction(emit("user", "ann"), "INSERT INTO item VALUES (2, 2, '')");
      awaitProcessed(engine);
    }
    assertThat(transactions)
        .extracting(t -> List.of(Objects.requireNonNull(t.id()), t.commitLsn(), t.commitTime()))
        .isEqualTo(begins());
    for (Transaction transaction : transactions) {
      assertThat(transaction.changes())
          .allSatisfy(
              change -> {
                assertThat(change.metadata().commitLsn()).isEqualTo(transaction.commitLsn());
                assertThat(change.metadata().transactionId()).isEqualTo(transaction.id());
                assertThat(change.metadata().commitTime()).isEqualTo(transaction.commitTime());
              });
    }
  }

  private String probe() {
    return database.name() + "_p";
  }

  /** What the server itself says when a transaction begins in its stream. */
  private List<List<Object>> begins() {
    return database
        .column(
            "SELECT encode(data, 'hex') FROM pg_logical_slot_get_binary_changes('"
                + probe()
                + "', NULL, NULL, 'proto_version', '1', 'publication_names', 'waltap')"
                + " WHERE get_byte(data, 0) = ascii('B')")
        .stream()
        .map(hex -> begin(ByteBuffer.wrap(HexFormat.of().parseHex(hex), 1, 20)))
        .toList();
  }

  private static List<Object> begin(ByteBuffer begin) {
    Lsn commit = new Lsn(begin.getLong());
    Instant time =
        Instant.parse("2000-01-01T00:00:00Z").plus(Duration.ofNanos(begin.getLong() * 1000));
    return List.of(Integer.toUnsignedLong(begin.getInt()), commit, time);
  }

  @Test
  void whatWasRolledBackOrDoesNotConcernItIsAbsent() throws Exception {
    try (CdcEngine engine = running(listening(ITEMS))) {
      database.execute("BEGIN", emit("lost", ""), "INSERT INTO item VALUES (1, 1, '')", "ROLLBACK");
      transaction("INSERT INTO note VALUES (1, 'of another table')");
      transaction(
          "INSERT INTO item VALUES (2, 1, '')",
          "SAVEPOINT s",
          "INSERT INTO item VALUES (3, 1, '')",
          emit("lost", ""),
          "ROLLBACK TO s",
          "INSERT INTO note VALUES (2, '')",
          "INSERT INTO item VALUES (4, 1, '')");
      transaction(emit("alone", "x"));
      transaction("CREATE TABLE nobodys (id int)");
      awaitProcessed(engine);
    }
    assertThat(transactions).hasSize(2);
    assertThat(itemIds(transactions)).containsExactly(2, 4);
    assertThat(transactions.get(0).messages()).isEmpty();
    assertThat(transactions.get(1).changes()).isEmpty();
    assertThat(transactions.get(1).messages())
        .extracting(LogicalMessage::prefix)
        .containsExactly("alone");
  }

  @Test
  void aLargeOneComesInPiecesThatSaySo() throws Exception {
    try (CdcEngine engine = running(listening(ITEMS).pieces(100))) {
      insert(1, 250);
      insert(251, 350);
      awaitProcessed(engine);
    }
    assertThat(transactions).extracting(t -> t.changes().size()).containsExactly(100, 100, 50, 100);
    assertThat(transactions).extracting(Transaction::piece).containsExactly(1, 2, 3, 1);
    assertThat(transactions)
        .extracting(Transaction::last)
        .containsExactly(false, false, true, true);
    assertThat(transactions.subList(0, 3)).extracting(Transaction::id).containsOnly(idOf(0));
    assertThat(idOf(3)).isNotEqualTo(idOf(0));
    assertThat(itemIds(transactions)).containsExactly(numbers(1, 350));
  }

  private Long idOf(int index) {
    return Objects.requireNonNull(transactions.get(index).id());
  }

  @Test
  void aSnapshotIsOneWithoutIdInPieces() throws Exception {
    insert(1, 250);
    try (CdcEngine engine = running(listening(ITEMS).pieces(100))) {
      insert(251, 251);
      awaitProcessed(engine);
    }
    assertThat(transactions).extracting(t -> t.changes().size()).containsExactly(100, 100, 50, 1);
    assertThat(transactions)
        .extracting(Transaction::last)
        .containsExactly(false, false, true, true);
    assertThat(transactions.subList(0, 3))
        .allSatisfy(
            piece -> {
              assertThat(piece.id()).isNull();
              assertThat(piece.commitLsn()).isNull();
              assertThat(piece.commitTime()).isNull();
              assertThat(piece.changes())
                  .allSatisfy(c -> assertThat(c.metadata().snapshot()).isTrue());
            });
    assertThat(transactions.get(3).id()).isNotNull();
    assertThat(itemIds(transactions)).containsExactly(numbers(1, 251));
  }

  @Test
  void aCutBetweenPiecesRepeatsAndMergesNothing() throws Exception {
    CountDownLatch inside = new CountDownLatch(3);
    CountDownLatch proceed = new CountDownLatch(1);
    TransactionListener slow =
        transaction -> {
          inside.countDown();
          if (inside.getCount() == 0) {
            proceed.await();
          }
          transactions.add(transaction);
        };
    try (CdcEngine engine = running(builder().onTransaction(slow, ITEMS).pieces(1500))) {
      insert(1, 20_000);
      inside.await();
      cut(engine);
      insert(20_001, 20_001);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isEqualTo(1);
    }
    assertThat(itemIds(transactions)).containsExactly(numbers(1, 20_001));
    List<Transaction> pieces = transactions.subList(0, 14);
    assertThat(transactions).hasSize(15);
    assertThat(pieces).extracting(Transaction::piece).containsExactly(numbers(1, 14));
    assertThat(pieces).extracting(Transaction::id).containsOnly(idOf(0));
    assertThat(pieces.subList(0, 13)).extracting(Transaction::last).containsOnly(false);
    assertThat(pieces.get(13).last()).isTrue();
    assertThat(transactions.get(14).piece()).isEqualTo(1);
  }

  @Test
  void aCutInsideAPieceNeitherRepeatsNorLosesWhatWasGathered() throws Exception {
    CountDownLatch inside = new CountDownLatch(2500);
    CountDownLatch proceed = new CountDownLatch(1);
    AtomicBoolean together = new AtomicBoolean(true);
    CdcEngine.Builder builder =
        builder()
            .listen(
                ITEMS,
                change -> {
                  together.compareAndSet(true, transactions.isEmpty());
                  inside.countDown();
                  if (inside.getCount() == 0) {
                    proceed.await();
                  }
                })
            .onTransaction(transactions::add, ITEMS)
            .pieces(100_000);
    try (CdcEngine engine = running(builder)) {
      insert(1, 20_000);
      inside.await();
      cut(engine);
      proceed.countDown();
      awaitProcessed(engine);
      assertThat(engine.status().reconnects()).isEqualTo(1);
      assertThat(engine.status().delivered()).as("each listener's").isEqualTo(40_000);
    }
    assertThat(transactions).hasSize(1);
    assertThat(transactions.get(0).piece()).isEqualTo(1);
    assertThat(itemIds(transactions)).containsExactly(numbers(1, 20_000));
    assertThat(together).as("the unit came after the changes, at the commit").isTrue();
  }

  @Test
  void withoutTablesItHasAllAndTakesNoneFromOthers() throws Exception {
    List<Object> others = new CopyOnWriteArrayList<>();
    CdcEngine.Builder builder =
        listening()
            .listen(NOTES, change -> others.add("note"))
            .listenAll(change -> others.add("rest"))
            .onMessage(message -> others.add("message"));
    try (CdcEngine engine = running(builder)) {
      transaction(
          "INSERT INTO item VALUES (1, 1, '')", "INSERT INTO note VALUES (1, '')", emit("m", ""));
      awaitProcessed(engine);
    }
    assertThat(others).containsExactly("rest", "note", "message");
    assertThat(transactions).hasSize(1);
    assertThat(transactions.get(0).changes())
        .extracting(change -> ((Insert<?>) change).after())
        .hasOnlyElementsOfType(Row.class)
        .hasSize(2);
    assertThat(transactions.get(0).messages()).hasSize(1);
  }

  @Test
  void oneThatIsRefusedComesAgainFromItsFirstPiece() throws Exception {
    TransactionListener picky =
        transaction -> {
          if (transaction.piece() == 2) {
            throw new IllegalStateException("refused");
          }
          transactions.add(transaction);
        };
    try (CdcEngine engine = running(builder().onTransaction(picky, ITEMS).pieces(10))) {
      insert(1, 10);
      insert(11, 30);
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("The listener of transactions did not accept 10 changes");
    }
    assertThat(itemIds(transactions)).containsExactly(numbers(1, 20));
    transactions.clear();
    FailureHandler patient = FailureHandler.retry(3, Duration.ofMillis(10), Action.stop());
    try (CdcEngine engine = running(refusingOnce().pieces(10).onFailure(patient))) {
      awaitProcessed(engine);
    }
    assertThat(itemIds(transactions)).as("tried again").containsExactly(numbers(11, 30));
    assertThat(transactions).extracting(Transaction::piece).containsExactly(1, 2);
  }

  private CdcEngine.Builder refusingOnce() {
    AtomicBoolean refused = new AtomicBoolean();
    return builder()
        .onTransaction(
            transaction -> {
              if (transaction.piece() == 2 && !refused.getAndSet(true)) {
                throw new IllegalStateException("refused");
              }
              transactions.add(transaction);
            },
            ITEMS);
  }
}

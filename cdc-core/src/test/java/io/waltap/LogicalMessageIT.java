package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Row;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Messages of {@code pg_logical_emit_message}, among changes and alone. */
class LogicalMessageIT {

  private static final Table<Row> ITEMS = Table.of("public.item");

  private final List<LogicalMessage> messages = new CopyOnWriteArrayList<>();
  private final List<Object> everything = new CopyOnWriteArrayList<>();
  private TestDatabase database;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)", "CREATE PUBLICATION waltap FOR TABLE item");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  private CdcEngine.Builder builder() {
    return Capturing.builder(database).listen(ITEMS, everything::add);
  }

  private void transaction(String... statements) throws SQLException {
    try (Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (String statement : statements) {
        sql.execute(statement);
      }
      connection.commit();
    }
  }

  private static String emit(boolean transactional, String prefix, String text) {
    return "SELECT pg_logical_emit_message("
        + transactional
        + ", '"
        + prefix
        + "', '"
        + text
        + "')";
  }

  @Test
  void inATransactionMessagesAndChangesComeInTheOrderMade() throws Exception {
    try (CdcEngine engine = builder().onMessage(everything::add).start()) {
      transaction(
          emit(true, "a", "first"),
          "INSERT INTO item VALUES (1)",
          emit(true, "b", "grüße"),
          "INSERT INTO item VALUES (2)");
      Capturing.catchUp(engine, database);
    }
    assertThat(everything)
        .extracting(e -> e instanceof LogicalMessage m ? m.prefix() : "insert")
        .containsExactly("a", "insert", "b", "insert");
    assertThat(everything)
        .extracting(
            e ->
                e instanceof LogicalMessage m ? m.order() : ((ChangeEvent<?>) e).metadata().order())
        .containsExactly(1L, 2L, 3L, 4L);
    LogicalMessage message = (LogicalMessage) everything.get(2);
    ChangeEvent<?> change = (ChangeEvent<?>) everything.get(3);
    assertThat(message.text()).isEqualTo("grüße");
    assertThat(message.transactional()).isTrue();
    assertThat(message.transactionId()).isEqualTo(change.metadata().transactionId());
    assertThat(message.commitLsn()).isEqualTo(change.metadata().commitLsn());
    assertThat(message.commitTime()).isEqualTo(change.metadata().commitTime());
    assertThat(message.lsn()).isLessThanOrEqualTo(change.metadata().lsn());
  }

  @Test
  void oneOutsideTransactionsComesAtOnceEvenIfTheWriterRollsBack() throws Exception {
    try (CdcEngine engine = builder().onMessage(everything::add).start();
        Connection connection = database.connect();
        Statement sql = connection.createStatement()) {
      connection.setAutoCommit(false);
      sql.execute("INSERT INTO item VALUES (1)");
      sql.execute(emit(true, "lost", ""));
      sql.execute(emit(false, "alone", "x"));
      database.execute("INSERT INTO item VALUES (2)"); // has the log written out
      Await.until("the message has come", () -> everything.size() == 2);
      connection.rollback();
      Capturing.catchUp(engine, database);
    }
    LogicalMessage alone = (LogicalMessage) everything.get(0);
    assertThat(everything).hasSize(2);
    assertThat(alone.prefix()).isEqualTo("alone");
    assertThat(alone.transactional()).isFalse();
    assertThat(alone.transactionId()).isNull();
    assertThat(alone.commitLsn()).isNull();
    assertThat(alone.commitTime()).isNull();
    assertThat(alone.order()).isZero();
  }

  @Test
  void aPrefixIsTakenExactly() throws Exception {
    try (CdcEngine engine =
        builder().onMessage("job", messages::add).onMessage("", everything::add).start()) {
      database.execute(
          emit(true, "job", "1"),
          emit(true, "jobs", "2"),
          emit(true, "", "3"),
          emit(true, "JOB", "4"));
      Capturing.catchUp(engine, database);
    }
    assertThat(messages).extracting(LogicalMessage::text).containsExactly("1");
    assertThat(everything).extracting(m -> ((LogicalMessage) m).text()).containsExactly("3");
  }

  @Test
  void contentIsAnyBytesAndNobodyCanChangeIt() throws Exception {
    try (CdcEngine engine = builder().onMessage(messages::add).start()) {
      database.execute("SELECT pg_logical_emit_message(true, 'bytes', '\\x00ff80'::bytea)");
      Capturing.catchUp(engine, database);
    }
    LogicalMessage message = messages.get(0);
    message.content()[0] = 7;
    assertThat(message.content()).containsExactly(0, 0xff, 0x80);
  }

  @Test
  void anEngineMayListenToMessagesAlone() throws Exception {
    database.execute("INSERT INTO item VALUES (1)");
    try (CdcEngine engine = Capturing.builder(database).onMessage(messages::add).start()) {
      database.execute(emit(true, "only", "x"), "INSERT INTO item VALUES (2)");
      Capturing.catchUp(engine, database);
      assertThat(engine.status().delivered()).isZero();
    }
    assertThat(messages).extracting(LogicalMessage::text).containsExactly("x");
  }

  @Test
  void aCleanStopRepeatsNoMessageAndTheNextStartMissesNone() throws Exception {
    OffsetStore store = new InMemoryOffsetStore();
    for (String text : List.of("first", "second", "third")) {
      if (text.equals("second")) {
        database.execute(emit(false, "down", "while stopped"), "INSERT INTO item VALUES (1)");
      }
      try (CdcEngine engine = builder().offsets(store).onMessage(messages::add).start()) {
        assertThat(engine.awaitStreaming(java.time.Duration.ofSeconds(30))).isTrue();
        database.execute(emit(false, "up", text));
        Await.until(text + " has come", () -> has(text));
      }
    }
    assertThat(messages)
        .extracting(LogicalMessage::text)
        .containsExactly("first", "while stopped", "second", "third");
  }

  private boolean has(String text) {
    return messages.stream().anyMatch(message -> message.text().equals(text));
  }

  @Test
  void oneThatIsRefusedStopsTheEngineAndComesAgain() throws Exception {
    OffsetStore store = new InMemoryOffsetStore();
    AtomicInteger tries = new AtomicInteger();
    CdcEngine.Builder refusing =
        builder()
            .offsets(store)
            .onMessage(
                message -> {
                  if (tries.incrementAndGet() == 2) {
                    throw new IllegalStateException("not now");
                  }
                });
    try (CdcEngine engine = refusing.start()) {
      database.execute(
          emit(false, "p", "1"),
          emit(false, "p", "2"),
          emit(false, "p", "3"),
          "INSERT INTO item VALUES (1)");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("the prefix 'p'")
          .hasRootCauseMessage("not now");
    }
    assertThat(everything).as("nothing after it was delivered").isEmpty();
    try (CdcEngine engine = builder().offsets(store).onMessage(messages::add).start()) {
      Capturing.catchUp(engine, database);
    }
    assertThat(messages).extracting(LogicalMessage::text).containsExactly("2", "3");
    assertThat(everything).hasSize(1);
  }
}

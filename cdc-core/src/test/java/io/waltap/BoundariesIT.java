package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.Lsn;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.FileOffsetStore;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import io.waltap.testing.Await;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Every position that is ever stored, against what the server itself says of each transaction: a
 * second slot, never moved, keeps all of them.
 */
class BoundariesIT extends ItemTable {

  /** A transaction as the server has it. */
  private record Transaction(Lsn commit, Lsn end, int changes) {}

  /**
   * A position, with what had been delivered when it was stored, and up to where the slot was
   * confirmed.
   */
  private record Saved(Lsn position, int delivered, Lsn confirmed) {}

  private final AtomicInteger delivered = new AtomicInteger();
  private volatile Lsn stored = new Lsn(0);
  private final List<Saved> saves = new ArrayList<>();
  private final ChangeListener<Item> listener =
      event -> {
        if (!(event instanceof Read<Item>)) {
          delivered.incrementAndGet();
        }
      };

  /** A file, watched. */
  private final class WatchedStore implements OffsetStore {
    private final OffsetStore file = new FileOffsetStore(folder.resolve("offset"));

    @Override
    public Optional<Offset> open() throws IOException {
      return file.open();
    }

    @Override
    public void save(Offset offset) throws IOException {
      Lsn position = offset.lsn();
      if (position != null) {
        saves.add(new Saved(position, delivered.get(), confirmed(database.connection())));
      }
      file.save(offset);
      stored = position == null ? new Lsn(0) : position;
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }

  private Lsn confirmed(Connection connection) {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                    + database.name()
                    + "' AND confirmed_flush_lsn IS NOT NULL")) {
      return row.next() ? Lsn.parse(row.getString(1)) : new Lsn(0);
    } catch (java.sql.SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private CdcEngine startWatched(ChangeListener<Item> listener) throws InterruptedException {
    CdcEngine engine =
        CdcEngine.builder(config().build())
            .listen(ITEMS, listener)
            .onMessage(message -> {})
            .offsets(new WatchedStore())
            .start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    return engine;
  }

  @Test
  void everyStoredPositionIsOneToResumeFrom() throws Exception {
    database.execute(
        "CREATE TABLE unheard (id int)",
        "INSERT INTO item SELECT -i, i, 'before' FROM generate_series(1, 50) i",
        "SELECT pg_create_logical_replication_slot('" + database.name() + "_all', 'pgoutput')");
    AtomicBoolean over = new AtomicBoolean();
    try (Connection observer = database.connect()) {
      CompletableFuture<Long> watching =
          CompletableFuture.supplyAsync(() -> watchConfirmed(observer, over));
      for (int run = 0; run < 3; run++) {
        try (CdcEngine engine = startWatched(listener)) {
          work(run * 10_000);
          awaitProcessed(engine);
          idle(engine);
        }
        awaitFreeSlot();
        database.execute("INSERT INTO item VALUES (" + (run + 1) * 1_000_000 + ", 1, 'stopped')");
      }
      over.set(true);
      assertThat(watching.join()).as("looks at the confirmed position").isGreaterThan(10);
    }
    List<Transaction> truth = truth();
    assertThat(truth).as("transactions").hasSizeGreaterThan(100);
    assertThat(saves).as("positions").hasSizeGreaterThan(20);
    assertThat(saves).allSatisfy(saved -> assertBoundary(saved, truth));
    assertThat(saves).extracting(Saved::position).isSorted().doesNotHaveDuplicates();
  }

  /** The slot is never told of a position that is not yet stored. */
  private long watchConfirmed(Connection observer, AtomicBoolean over) {
    long looks = 0;
    Lsn created = new Lsn(0);
    while (!over.get()) {
      Lsn confirmed = confirmed(observer);
      Lsn now = stored;
      if (now.value() == 0) {
        created = confirmed; // a new slot is confirmed where it was made
      } else if (!confirmed.equals(created)) {
        assertThat(confirmed).isLessThanOrEqualTo(now);
        looks++;
      }
    }
    return looks;
  }

  private void assertBoundary(Saved saved, List<Transaction> truth) {
    Lsn position = saved.position();
    assertThat(saved.confirmed()).isLessThanOrEqualTo(position);
    assertThat(truth)
        .as("commit records that hold %s", position)
        .noneMatch(t -> t.commit().compareTo(position) < 0 && t.end().compareTo(position) > 0);
    int passed =
        truth.stream()
            .filter(t -> t.commit().compareTo(position) < 0)
            .mapToInt(Transaction::changes)
            .sum();
    assertThat(passed).as("changes before %s", position).isLessThanOrEqualTo(saved.delivered());
  }

  /** What moves positions: changes, rollbacks, other tables, messages, all of it interleaved. */
  private void work(int id) throws Exception {
    try (Connection other = database.connect();
        Statement late = other.createStatement()) {
      other.setAutoCommit(false);
      for (int i = id; i < id + 60; i += 3) {
        late.execute("INSERT INTO item VALUES (" + i + ", 1, 'interleaved')");
        database.execute(
            "INSERT INTO item SELECT i, 1, 'many' FROM generate_series("
                + (i * 100 + 100_000_000)
                + ", "
                + (i * 100 + 100_000_000 + i % 7)
                + ") i",
            "INSERT INTO unheard VALUES (1)",
            "SELECT pg_logical_emit_message(true, 'in', 'a transaction')",
            "SELECT pg_logical_emit_message(false, 'outside', 'of any')");
        late.execute("INSERT INTO item VALUES (" + (i + 1) + ", 1, 'interleaved')");
        late.execute("SELECT pg_logical_emit_message(false, 'amid', 'a transaction')");
        if (i % 2 == 0) {
          other.commit();
        } else {
          other.rollback();
        }
        database.execute("UPDATE item SET price = price + 1 WHERE id = " + (i - i % 2));
      }
      other.rollback();
    }
    database.execute("SELECT pg_switch_wal()", "CHECKPOINT");
  }

  /** Nothing but the server's own records, until a position was stored beyond them. */
  private void idle(CdcEngine engine) {
    Lsn before = stored;
    database.execute("CREATE TABLE idle_" + before.value() + " ()", "SELECT pg_switch_wal()");
    Await.until(
        "an idle engine moves on",
        () -> stored.compareTo(before) > 0 && engine.failure().isEmpty());
  }

  private List<Transaction> truth() throws Exception {
    List<Transaction> transactions = new ArrayList<>();
    try (Statement statement = database.connection().createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT data FROM pg_logical_slot_peek_binary_changes('"
                    + database.name()
                    + "_all', NULL, NULL, 'proto_version', '1', 'publication_names', 'waltap')")) {
      Lsn commit = new Lsn(0);
      int changes = 0;
      while (rows.next()) {
        ByteBuffer message = ByteBuffer.wrap(rows.getBytes(1));
        switch ((char) message.get()) {
          case 'B' -> {
            commit = new Lsn(message.getLong());
            changes = 0;
          }
          case 'I', 'U', 'D' -> changes++;
          case 'C' ->
              transactions.add(new Transaction(commit, new Lsn(message.getLong(10)), changes));
          default -> {}
        }
      }
    }
    return transactions;
  }
}

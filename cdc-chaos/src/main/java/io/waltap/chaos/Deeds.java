package io.waltap.chaos;

import io.waltap.generator.TransactionWriter;
import java.io.IOException;
import java.io.StringReader;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.Random;
import org.postgresql.PGConnection;

/** What a writer does to the tables inside of a transaction. Each deed counts its changes. */
final class Deeds {

  /** How many rows the largest transactions have. */
  static final int BULK = 100_000;

  private static final long MOVED = 1_000_000_000L;
  private static final int LARGEST_DOCUMENT = 60_000;

  private final int writer;
  private final Random random;
  private long seq;
  private long account;

  /**
   * @param writer its rows are its own, so that writers do not wait for each other
   */
  Deeds(int writer, Random random) {
    this.writer = writer;
    this.random = random;
  }

  /** Some of the generator's inserts, updates and deletes. */
  void transactions(WriterSession session) throws SQLException {
    TransactionWriter generated = session.generated();
    int rows = 1 + random.nextInt(20);
    for (int i = 0; i < rows; i++) {
      switch (random.nextInt(10)) {
        case 0 -> generated.delete();
        case 1, 2 -> generated.update();
        default -> generated.insert();
      }
      session.count(1);
    }
  }

  /** One statement that inserts many rows. */
  void insertEvents(WriterSession session, int rows) throws SQLException {
    long last = seq + rows;
    session.count(
        update(
            session,
            """
            INSERT INTO chaos.event
            SELECT %d, n, md5(n::text) FROM generate_series(%d, %d) n"""
                .formatted(writer, seq + 1, last)));
    seq = last;
  }

  void copyEvents(WriterSession session) throws SQLException, IOException {
    copyEvents(session, 100 + random.nextInt(900));
  }

  /** One COPY; the server writes many of its rows at one position of its log. */
  void copyEvents(WriterSession session, int count) throws SQLException, IOException {
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < count; i++) {
      seq++;
      rows.append(writer).append('\t').append(seq).append("\tcopied ").append(seq).append('\n');
    }
    session.count(
        session
            .connection()
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyIn("COPY chaos.event FROM STDIN", new StringReader(rows.toString())));
  }

  /** Inserts and changes accounts: values in and out of line, keys, deletes. */
  void accounts(WriterSession session) throws SQLException {
    openAccount(session);
    int steps = 1 + random.nextInt(6);
    for (int i = 0; i < steps; i++) {
      long id = accountId(1 + random.nextLong(account));
      session.count(
          switch (random.nextInt(6)) {
            case 0 -> delete(session, id);
            case 1 -> move(session, id);
            case 2 -> rewrite(session, id);
            default -> pay(session, id);
          });
    }
  }

  private long accountId(long n) {
    return writer * 10_000_000_000L + n;
  }

  private void openAccount(WriterSession session) throws SQLException {
    account++;
    try (PreparedStatement insert =
        session
            .connection()
            .prepareStatement(
                "INSERT INTO chaos.account (id, owner, balance, document) VALUES (?, ?, 0, ?)")) {
      insert.setLong(1, accountId(account));
      insert.setInt(2, writer);
      insert.setString(3, document());
      session.count(insert.executeUpdate());
    }
  }

  private String document() {
    char letter = (char) ('a' + random.nextInt(26));
    int length = random.nextInt(4) == 0 ? random.nextInt(LARGEST_DOCUMENT) : random.nextInt(200);
    return String.valueOf(letter).repeat(length);
  }

  private long pay(WriterSession session, long id) throws SQLException {
    return update(
        session,
        "UPDATE chaos.account SET balance = balance + %d.%02d, note = 'paid' WHERE id = %d"
            .formatted(random.nextInt(1000), random.nextInt(100), id));
  }

  private long rewrite(WriterSession session, long id) throws SQLException {
    try (PreparedStatement update =
        session
            .connection()
            .prepareStatement("UPDATE chaos.account SET document = ? WHERE id = ?")) {
      update.setString(1, document());
      update.setLong(2, id);
      return update.executeUpdate();
    }
  }

  private long move(WriterSession session, long id) throws SQLException {
    return update(
        session,
        """
        UPDATE chaos.account SET id = id + %1$d WHERE id = %2$d
        AND NOT EXISTS (SELECT FROM chaos.account WHERE id = %2$d + %1$d)"""
            .formatted(MOVED, id));
  }

  private long delete(WriterSession session, long id) throws SQLException {
    return update(
        session, "DELETE FROM chaos.account WHERE id IN (%d, %d)".formatted(id, id + MOVED));
  }

  /** Rows of which a part is taken back by a savepoint. */
  void savepoint(WriterSession session) throws SQLException {
    insertEvents(session, 1 + random.nextInt(5));
    long before = session.changes();
    Savepoint savepoint = session.connection().setSavepoint();
    insertEvents(session, 1 + random.nextInt(50));
    accounts(session);
    session.connection().rollback(savepoint);
    session.count(before - session.changes());
    insertEvents(session, 1);
  }

  void truncateScratch(WriterSession session) throws SQLException {
    update(session, "LOCK TABLE chaos.scratch IN ACCESS EXCLUSIVE MODE"); // no deadlocks
    scratch(session);
    update(session, "TRUNCATE chaos.scratch");
    session.count(1);
    scratch(session);
  }

  private void scratch(WriterSession session) throws SQLException {
    session.count(
        update(
            session,
            """
            INSERT INTO chaos.scratch SELECT n, 'scratch' FROM generate_series(1, %d) n
            ON CONFLICT DO NOTHING"""
                .formatted(1 + random.nextInt(20))));
  }

  /** A column that comes, or goes again, between two rows of the same transaction. */
  void changeColumns(WriterSession session) throws SQLException {
    String column = "extra_" + random.nextInt(3);
    update(session, "SET LOCAL lock_timeout = '2s'");
    update(session, "LOCK TABLE chaos.account IN ACCESS EXCLUSIVE MODE");
    openAccount(session);
    update(
        session,
        random.nextBoolean()
            ? "ALTER TABLE chaos.account ADD COLUMN IF NOT EXISTS %s text DEFAULT 'new'"
                .formatted(column)
            : "ALTER TABLE chaos.account DROP COLUMN IF EXISTS %s".formatted(column));
    openAccount(session);
  }

  /** Empties the table of events, which would grow without end. */
  void forgetEvents(WriterSession session) throws SQLException {
    update(session, "TRUNCATE chaos.event");
    session.count(1);
  }

  /** The row that ends a round. */
  void mark(WriterSession session, int marker) throws SQLException {
    session.count(update(session, "INSERT INTO chaos.marker VALUES (" + marker + ")"));
  }

  private static long update(WriterSession session, String sql) throws SQLException {
    try (Statement statement = session.connection().createStatement()) {
      return statement.executeUpdate(sql);
    }
  }
}

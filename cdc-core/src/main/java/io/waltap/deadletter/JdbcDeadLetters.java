package io.waltap.deadletter;

import io.waltap.event.ChangeMetadata;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps changes that a listener could not take in a table of a PostgreSQL database: each with the
 * error, until it is replayed by the engine, or discarded. Later changes of its key wait in the
 * table behind it.
 *
 * <p><b>What is in it.</b> The rows themselves, as JSON for people and as exact text for the
 * replay, and the words of the exception, which may quote rows too: whoever may read the table may
 * read what is in the tables that are captured. Nothing of that is logged.
 *
 * <p><b>The database</b> may be any; for effects exactly once also in a replay, the one that the
 * listener writes to. In the captured one keep the table out of the publication, and so do without
 * {@code FOR ALL TABLES}: else who listens to all tables is told of each letter. Letters know their
 * place in the log of one server: before its engine goes on with another one, or with one that was
 * restored to an earlier time, replay or discard them.
 *
 * <p><b>Connections.</b> One is taken when it is first needed, and kept in autocommit mode until
 * {@link #close}, after which the next use takes another. If it breaks, it is thrown away and the
 * statement is tried once more on a new one; a statement done twice does no harm.
 *
 * <p>Safe for use by several threads, one at a time. Works without an engine too, to look at
 * letters and to discard them. Those methods that only an engine has a use for say so.
 *
 * <pre>{@code
 * JdbcDeadLetters.builder(dataSource::getConnection, "payments").createTable().build()
 * }</pre>
 */
public final class JdbcDeadLetters implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(JdbcDeadLetters.class);

  /** Opens connections, for example {@code dataSource::getConnection}. */
  @FunctionalInterface
  public interface ConnectionSource {
    /** A connection that nobody else uses; it is closed here. */
    Connection open() throws SQLException;
  }

  /**
   * A change that is to be parked.
   *
   * @param metadata where and when it happened
   * @param key names the key of its row, so that equal keys have equal names; empty if it touches
   *     all rows of the table, like a truncate, or a change of a table without a key
   * @param previousKey likewise the key before a change of it; else null
   * @param json the change for people
   * @param image the change for the engine that replays it, exact and opaque
   */
  public record Change(
      ChangeMetadata metadata,
      Operation operation,
      String key,
      @Nullable String previousKey,
      String json,
      String image) {

    /** What happened where, without any value. */
    @Override
    public String toString() {
      String what = operation.name().toLowerCase(Locale.ROOT) + " of " + metadata.table();
      return metadata.commitLsn() == null
          ? what + " in the snapshot at " + metadata.lsn()
          : "%s at %s (change %d of transaction %d)"
              .formatted(what, metadata.lsn(), metadata.order(), metadata.transactionId());
    }
  }

  /**
   * A change that is parked.
   *
   * @param id its number in the table
   * @param listener the name of the listener that it is for
   * @param alone whether later changes of its key do not wait for it
   * @param error what was thrown last; null if it was parked because it was behind another
   * @param attempts how often the listener was called with it
   */
  public record DeadLetter(
      long id,
      String listener,
      Change change,
      boolean alone,
      @Nullable String error,
      int attempts,
      Instant parkedAt) {

    /** Which change for whom, without any value. */
    @Override
    public String toString() {
      return "dead letter %d for %s: %s".formatted(id, listener, change);
    }
  }

  /**
   * A key that a letter touches.
   *
   * @param key as in {@link Change}
   */
  public record ParkedKey(String listener, TableId table, String key) {}

  /** How a change stands to the letters that touch its keys. */
  public enum Standing {
    /** It is in the table. */
    PARKED,
    /**
     * It comes before all of them that it would wait for, since it was delivered before them, and
     * now comes again: it is for the listener, but a later change may not be.
     */
    AHEAD,
    /** Neither it nor a later change need wait, until another change is parked. */
    FREE
  }

  private final ConnectionSource source;
  private final LetterDatabase database;
  private final LetterTable table;

  private JdbcDeadLetters(Builder builder) {
    LetterTable letters = new LetterTable(builder.table, builder.engine);
    boolean create = builder.createTable;
    this.source = builder.source;
    this.table = letters;
    this.database =
        new LetterDatabase(builder.source, connection -> create && letters.create(connection));
  }

  /**
   * Begins with what all need; nothing is opened before the first use.
   *
   * @param engine whose letters; two engines that may run at the same time need two names
   */
  public static Builder builder(ConnectionSource source, String engine) {
    return new Builder(source, engine);
  }

  /**
   * The first letters, in the order in which their changes were committed, which is that of the
   * replay.
   *
   * @throws IOException if the table cannot be read
   */
  public List<DeadLetter> list(int most) throws IOException {
    return attempt("cannot be read", c -> table.list(c, null, most));
  }

  /** The letters that follow one in {@link #list}, whether it is still there or not. */
  public List<DeadLetter> listAfter(DeadLetter letter, int most) throws IOException {
    return attempt("cannot be read", c -> table.list(c, letter, most));
  }

  /** How many letters there are. */
  public long count() throws IOException {
    return attempt("cannot be read", table::count);
  }

  /** The letter of that number; empty if there is none any more. */
  public Optional<DeadLetter> find(long id) throws IOException {
    return attempt("cannot be read", c -> table.find(c, id));
  }

  /**
   * Removes a letter for good: its listener will never be told of the change, and what waits behind
   * it can be replayed. Is logged as a warning.
   *
   * @return whether it was still there
   */
  public boolean discard(DeadLetter letter) throws IOException {
    boolean removed = remove(letter);
    if (removed) {
      LOG.warn("{} was discarded from {}.", letter, this);
    }
    return removed;
  }

  /**
   * For the engine: creates the table if so asked, tries every right that is needed, and tells
   * which keys the letters touch.
   *
   * @throws IOException if the table cannot be used
   */
  public Set<ParkedKey> open() throws IOException {
    return attempt(
        "cannot be used",
        connection -> {
          table.tryRights(connection);
          return table.keys(connection);
        });
  }

  /**
   * For the engine: parks a change that failed. Nothing happens if it is parked already. It is on
   * the disk when this returns.
   *
   * @param alone whether later changes of its key do not wait for it
   * @param error what was thrown; characters that PostgreSQL cannot hold are replaced
   */
  public void park(String listener, Change change, boolean alone, String error, int attempts)
      throws IOException {
    String id = idOf(change);
    attempt(
        "did not take the " + change,
        c -> table.park(c, id, listener, change, alone, error, attempts));
  }

  /**
   * For the engine: parks a change if it is parked already, or if a letter that touches one of its
   * keys has to go first.
   */
  public Standing parkBehind(String listener, Change change) throws IOException {
    String id = idOf(change);
    return attempt("did not take the " + change, c -> table.parkBehind(c, id, listener, change));
  }

  /**
   * Names a change once and for all, so that it is recognised when it is delivered again, or when a
   * statement is tried again. A row comes again with another snapshot only, so it is new each time.
   */
  private static String idOf(Change change) {
    Lsn commit = change.metadata().commitLsn();
    return commit == null ? UUID.randomUUID().toString() : commit + " " + change.metadata().order();
  }

  /** For the engine: the first letter that has to be gone before this one can be replayed. */
  public Optional<DeadLetter> before(DeadLetter letter) throws IOException {
    return attempt("cannot be read", c -> table.before(c, letter));
  }

  /**
   * For the engine: removes a letter that was replayed.
   *
   * @return whether it was still there
   */
  public boolean remove(DeadLetter letter) throws IOException {
    return attempt("did not let go of the " + letter, c -> table.remove(c, letter.id()));
  }

  /** What a listener does on a connection. */
  @FunctionalInterface
  public interface Effect {
    /** Writes, and does not commit. */
    void on(Connection connection) throws Exception;
  }

  /**
   * For the engine: has something done and removes a letter in one transaction, on a connection
   * that is used for nothing else.
   *
   * @throws Exception what the effect or the database throws; nothing is done then
   */
  public void removeWith(DeadLetter letter, Effect effect) throws Exception {
    try (Connection connection = source.open()) {
      connection.setAutoCommit(false);
      try {
        effect.on(connection);
        table.remove(connection, letter.id());
        connection.commit();
      } catch (Throwable e) {
        connection.rollback();
        throw e;
      }
    }
  }

  /**
   * For the engine: notes that a replay failed.
   *
   * @param attempts how often the listener was called this time
   */
  public void failedAgain(DeadLetter letter, String error, int attempts) throws IOException {
    int all = letter.attempts() + attempts;
    attempt("did not note the failure", c -> table.fail(c, letter.id(), error, all));
  }

  private synchronized <T> T attempt(String failure, LetterDatabase.Work<T> work)
      throws IOException {
    try {
      return database.twice(work);
    } catch (SQLException e) {
      throw new IOException(this + " " + failure + " (" + words(e) + "); " + table.remedy(e), e);
    }
  }

  /** The first line of what the database says: in those that follow it quotes rows. */
  private static String words(SQLException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
  }

  /** Gives the connection back. */
  @Override
  public synchronized void close() {
    database.close();
  }

  /** Names table and engine, for messages. */
  @Override
  public String toString() {
    return "the dead letter table " + table;
  }

  /** Describes where letters are kept. Not for several threads. */
  public static final class Builder {

    private final ConnectionSource source;
    private final String engine;
    private String table = "waltap_dead_letter";
    private boolean createTable;

    private Builder(ConnectionSource source, String engine) {
      this.source = Objects.requireNonNull(source, "source");
      this.engine = engine;
      if (engine.isBlank()) {
        throw new IllegalArgumentException("an engine needs a name in the dead letter table");
      }
    }

    /**
     * Names the table, {@code waltap_dead_letter} by default, exactly as the catalog holds it, with
     * or without {@code schema.} before it; without one the {@code search_path} finds it. A part
     * with a dot or a quote in it is put in double quotes.
     *
     * @throws IllegalArgumentException if that is no name of a table
     */
    public Builder table(String table) {
      LetterTable.quote(table);
      this.table = table;
      return this;
    }

    /** Has the table created at the first use, if it is not there. Its schema has to be. */
    public Builder createTable() {
      this.createTable = true;
      return this;
    }

    /** The letters. */
    public JdbcDeadLetters build() {
      return new JdbcDeadLetters(this);
    }
  }
}

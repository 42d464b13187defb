package io.waltap.offset;

import io.waltap.offset.OffsetTable.Claim;
import io.waltap.offset.OffsetTable.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;

/**
 * Keeps the position in a table of a PostgreSQL database, one row for each engine name. For
 * applications without a disk that survives a restart, and for several processes of which one at a
 * time runs the engine; where there is such a disk, {@link FileOffsetStore} is faster and simpler.
 *
 * <p><b>Two processes.</b> {@link #open} claims the row and raises its generation; whoever claimed
 * it before cannot save any more and stops with a message that names both. So an engine that was
 * cut off, and does not know it, never overwrites the position of its successor.
 *
 * <p><b>The database</b> may be the one that is captured, or better, because each position is then
 * a change to it, another. In the captured one keep the table out of the publication, and so do
 * without {@code FOR ALL TABLES}: else every position is a change that yields the next position.
 *
 * <p><b>Connections.</b> One is taken when the store is opened, and kept in autocommit mode until
 * it is closed. If it breaks, it is thrown away and the statement is tried once more on a new one;
 * as a statement done twice does no harm, it does not matter whether the first was committed.
 *
 * <p><b>Effectively once.</b> A {@code JdbcListener} works on this connection, in a transaction
 * that has the position as its last statement: both are there, or neither, whatever dies when. An
 * engine that was taken over commits nothing of either.
 *
 * <pre>{@code
 * JdbcOffsetStore.builder(dataSource::getConnection, "payments").createTable().build()
 * }</pre>
 */
public final class JdbcOffsetStore implements OffsetStore {

  /** Opens connections, for example {@code dataSource::getConnection}. */
  @FunctionalInterface
  public interface ConnectionSource {
    /** A connection that nobody else uses; the store closes it. */
    Connection open() throws SQLException;
  }

  private final StoreConnection line;
  private final String engine;
  private final OffsetTable table;
  private final boolean createTable;
  private final String holder = holder();
  private long generation;
  private boolean open;
  private boolean inDoubt;

  private JdbcOffsetStore(Builder builder) {
    this.line = new StoreConnection(builder.source);
    this.engine = builder.engine;
    this.table = new OffsetTable(builder.table);
    this.createTable = builder.createTable;
  }

  /**
   * Begins with what every store needs; nothing is opened before {@link #open}.
   *
   * @param engine the name of the row; two engines that may run at the same time need two names
   */
  public static Builder builder(ConnectionSource source, String engine) {
    return new Builder(source, engine);
  }

  /** Who holds the row, for the message that another process gives. */
  private static String holder() {
    String process = "process " + ProcessHandle.current().pid();
    try {
      return process + " on " + InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return process;
    }
  }

  @Override
  public synchronized Optional<Offset> open() throws IOException {
    if (open) {
      throw new IllegalStateException(this + " is open already.");
    }
    Claim claim;
    try {
      claim = line.twice(this::claim);
    } catch (SQLException e) {
      line.discard();
      throw failure("cannot be used", e);
    }
    generation = claim.generation();
    inDoubt = false;
    open = true;
    return claim.offset();
  }

  @Override
  public synchronized Optional<Offset> peek() throws IOException {
    if (line.lent() != null) {
      throw new IllegalStateException(this + " is in a transaction.");
    }
    try {
      return line.twice(connection -> table.read(connection, engine));
    } catch (SQLException e) {
      throw failure("cannot be read", e);
    } finally {
      if (!open) {
        line.discard();
      }
    }
  }

  private Claim claim(Connection connection) throws SQLException {
    if (createTable) {
      table.create(connection);
    }
    return table.claim(connection, engine, holder);
  }

  /**
   * The connection of a listener whose work is to be committed together with the position: in a
   * transaction that the first call begins and the next {@link #save} commits. The engine calls it;
   * for others it is of no use while an engine has the store.
   *
   * <p>The transaction has the isolation of the source's connections, and their timeouts. It can
   * neither be ended with this connection, nor can the connection be closed; savepoints are fine.
   * Once it was ended by the store, this connection is closed.
   *
   * @return the same one until the transaction has ended
   * @throws IOException if the database does not begin one; nothing is lost by trying again
   * @throws IllegalStateException if the store is not open, belongs to another engine by now, or
   *     has to be asked by {@link #reload} after a transaction that failed
   */
  public synchronized Connection connection() throws IOException {
    requireCertainty();
    ListenerConnection lent = line.lent();
    if (lent != null) {
      return lent.view();
    }
    try {
      return line.begin(connection -> requireOwned(table.begin(connection, engine)));
    } catch (SQLException e) {
      throw failure("cannot begin a transaction", e);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>If {@link #connection} has begun a transaction, the position becomes part of it and it is
   * committed; that is never tried twice. After a failure it is lost, with all that the listener
   * did in it, or its fate is not known: before anything else {@link #reload} has to be asked.
   */
  @Override
  public synchronized void save(Offset offset) throws IOException {
    requireCertainty();
    if (line.lent() != null) {
      commit(offset);
      return;
    }
    try {
      line.twice(connection -> saveOn(connection, offset));
    } catch (SQLException e) {
      throw failure("did not take the position " + offset.lsn(), e);
    }
  }

  private void commit(Offset offset) throws IOException {
    inDoubt = true; // from here on: the position saved alone would pass over what was undone
    try {
      line.takeBack(connection -> requireMark(saveOn(connection, offset)));
    } catch (SQLException e) {
      throw failure("lost the listener's transaction before the position " + offset.lsn(), e);
    }
    try {
      line.commit();
    } catch (SQLException e) {
      throw failure("may or may not have committed the position " + offset.lsn(), e);
    }
    inDoubt = false;
  }

  private String saveOn(Connection connection, Offset offset) throws SQLException {
    Optional<String> mark = table.save(connection, engine, generation, offset);
    if (mark.isEmpty()) {
      requireOwned(table.owner(connection, engine));
    }
    return mark.orElseThrow();
  }

  /** Undoes what {@link #connection} has begun, if anything; nothing is lost by one call more. */
  public synchronized void rollback() {
    line.rollback();
  }

  /**
   * Undoes what is open, and reads the position that counts: with certainty, also after a commit
   * that was never answered, because it waits until that has come to its end on the server.
   *
   * @return the stored offset, or empty if nothing was ever stored
   * @throws IOException if it cannot be read; to be tried again
   * @throws IllegalStateException if the store is not open, or belongs to another engine by now
   */
  public synchronized Optional<Offset> reload() throws IOException {
    requireOpen();
    line.discard();
    try {
      Owner owner = line.twice(connection -> requireOwned(table.settled(connection, engine)));
      inDoubt = false;
      return owner.offset();
    } catch (SQLException e) {
      throw failure("cannot be read", e);
    }
  }

  private void requireOpen() {
    if (!open) {
      throw new IllegalStateException(this + " is not open.");
    }
  }

  private void requireCertainty() {
    requireOpen();
    if (inDoubt) {
      throw new IllegalStateException(
          this + " has to be reloaded after a transaction that failed.");
    }
  }

  private Owner requireOwned(Optional<Owner> owner) {
    if (owner.isEmpty() || owner.get().generation() != generation) {
      throw new IllegalStateException(owner.map(this::takenOver).orElseGet(this::gone));
    }
    return owner.get();
  }

  private boolean requireMark(String mark) {
    if (!mark.equals(OffsetTable.MARK)) {
      throw new IllegalStateException(
          "A listener has ended the transaction of "
              + this
              + " by itself, so that what it did may be done again: it must not run COMMIT or"
              + " ROLLBACK as SQL, nor get at the connection behind the one that it is given.");
    }
    return true;
  }

  private String gone() {
    return this
        + " has lost its row, so that the position could not be saved; whoever deleted it has to"
        + " bring it back, or drop the replication slot to begin again with a snapshot.";
  }

  private String takenOver(Owner owner) {
    return this
        + " was taken over by "
        + owner.holder()
        + " (generation "
        + owner.generation()
        + ") while "
        + holder
        + " still used it (generation "
        + generation
        + "); let one of them run at a time, or give each a name and a slot of its own.";
  }

  private IOException failure(String what, SQLException e) {
    return new IOException(this + " " + what + " (" + e.getMessage() + "); " + table.remedy(e), e);
  }

  @Override
  public synchronized void close() {
    open = false;
    line.discard();
  }

  /** Names table and row, for messages. */
  @Override
  public String toString() {
    return "the offset table " + table + " (engine \"" + engine + "\")";
  }

  /** Describes a store. Not for several threads. */
  public static final class Builder {

    private final ConnectionSource source;
    private final String engine;
    private String table = "waltap_offset";
    private boolean createTable;

    private Builder(ConnectionSource source, String engine) {
      this.source = Objects.requireNonNull(source, "source");
      this.engine = engine;
      if (engine.isBlank()) {
        throw new IllegalArgumentException("an engine needs a name in the offset table");
      }
    }

    /**
     * Names the table, {@code waltap_offset} by default, exactly as the catalog holds it, with or
     * without {@code schema.} before it; without one the {@code search_path} finds it. A part with
     * a dot or a quote in it is put in double quotes.
     *
     * @throws IllegalArgumentException if that is no name of a table
     */
    public Builder table(String table) {
      this.table = new OffsetTable(table).toString();
      return this;
    }

    /** Has the table created when the store is opened, if it is not there. Its schema has to be. */
    public Builder createTable() {
      this.createTable = true;
      return this;
    }

    /** The store. */
    public JdbcOffsetStore build() {
      return new JdbcOffsetStore(this);
    }
  }
}

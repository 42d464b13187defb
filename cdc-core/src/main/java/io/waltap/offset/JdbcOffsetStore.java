package io.waltap.offset;

import io.waltap.offset.OffsetTable.Claim;
import io.waltap.offset.OffsetTable.Owner;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
 * <pre>{@code
 * JdbcOffsetStore.builder(dataSource::getConnection, "payments").createTable().build()
 * }</pre>
 */
public final class JdbcOffsetStore implements OffsetStore {

  /** How long the database may take for one answer. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Opens connections, for example {@code dataSource::getConnection}. */
  @FunctionalInterface
  public interface ConnectionSource {
    /** A connection that nobody else uses; the store closes it. */
    Connection open() throws SQLException;
  }

  /** A statement on the table. */
  private interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  private final ConnectionSource source;
  private final String engine;
  private final OffsetTable table;
  private final boolean createTable;
  private final String holder = holder();
  private @Nullable Connection connection;
  private long generation;
  private boolean open;

  private JdbcOffsetStore(Builder builder) {
    this.source = builder.source;
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
      claim = twice(this::claim);
    } catch (SQLException e) {
      discard();
      throw failure("cannot be used", e);
    }
    generation = claim.generation();
    open = true;
    return claim.offset();
  }

  @Override
  public synchronized Optional<Offset> peek() throws IOException {
    try {
      return twice(connection -> table.read(connection, engine));
    } catch (SQLException e) {
      throw failure("cannot be read", e);
    } finally {
      if (!open) {
        discard();
      }
    }
  }

  private Claim claim(Connection connection) throws SQLException {
    if (createTable) {
      table.create(connection);
    }
    return table.claim(connection, engine, holder);
  }

  @Override
  public synchronized void save(Offset offset) throws IOException {
    if (!open) {
      throw new IllegalStateException(this + " is not open.");
    }
    Optional<Owner> owner;
    try {
      owner = twice(connection -> saveOrTellWhose(connection, offset));
    } catch (SQLException e) {
      throw failure("did not take the position " + offset.lsn(), e);
    }
    if (owner.isEmpty() || owner.get().generation() != generation) {
      throw new IllegalStateException(owner.map(this::takenOver).orElseGet(this::gone));
    }
  }

  private Optional<Owner> saveOrTellWhose(Connection connection, Offset offset)
      throws SQLException {
    return table.save(connection, engine, generation, offset)
        ? Optional.of(new Owner(generation, holder))
        : table.owner(connection, engine);
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

  private <T> T twice(Work<T> work) throws SQLException {
    try {
      return once(work);
    } catch (SQLException first) {
      if (!mayPass(first)) {
        throw first;
      }
      try {
        return once(work);
      } catch (SQLException second) {
        second.addSuppressed(first);
        throw second;
      }
    }
  }

  private <T> T once(Work<T> work) throws SQLException {
    boolean done = false;
    try {
      T result = work.on(connection());
      done = true;
      return result;
    } finally {
      if (!done) {
        discard(); // whatever it was, the next try begins with a connection that nothing happened
        // to
      }
    }
  }

  private Connection connection() throws SQLException {
    Connection current = connection;
    if (current == null) {
      current = source.open();
      connection = current;
      current.setAutoCommit(true);
      current.setNetworkTimeout(Runnable::run, Math.toIntExact(PATIENCE.toMillis()));
    }
    return current;
  }

  /** Broken connections, servers that go down, conflicts of transactions. */
  private static boolean mayPass(SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    return state.startsWith("08") || state.startsWith("57P") || state.startsWith("40");
  }

  private void discard() {
    Connection discarded = connection;
    connection = null;
    try {
      if (discarded != null) {
        discarded.close();
      }
    } catch (SQLException e) {
      // It is thrown away because it does not work: that it cannot say goodbye is no news.
    }
  }

  private IOException failure(String what, SQLException e) {
    String remedy =
        switch (String.valueOf(e.getSQLState())) {
          case "42P01", "3F000" ->
              "create it, or have it created with createTable(): " + table.ddl();
          case "42501" -> "run " + table.grant() + "the role of its connections.";
          case "42703" -> "name a table that was made for positions: " + table.ddl();
          default -> "see to it that the database answers.";
        };
    return new IOException(this + " " + what + " (" + e.getMessage() + "); " + remedy, e);
  }

  @Override
  public synchronized void close() {
    open = false;
    discard();
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

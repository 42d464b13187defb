package io.waltap.internal.debezium;

import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.debezium.SnapshotTables.Next;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.Texts;
import io.waltap.internal.dispatch.SourceEvent;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads rows that the snapshot of a new slot shows into the queue that the stream fills afterwards.
 * By {@code COPY}: it is the fastest way out of a server, and it writes values with their types'
 * output functions, as {@code pgoutput} does. (A cast to text would not for some types: it strips
 * the blanks of {@code char(n)} and writes {@code true} for {@code t}.) So a row of the snapshot
 * is, text for text, what the stream would have carried.
 *
 * <p>The first reader is on the thread that reads the stream later, so that nothing of ours or of
 * Debezium's asks the server for these tables meanwhile: whoever wants one for himself waits for
 * the lock held here, and whoever asks after him waits for him.
 */
final class SnapshotReader implements AutoCloseable {

  private static final long LOOK_UP_NANOS = Duration.ofSeconds(1).toNanos();

  private final Session session;
  private final Connection connection;
  private final Lsn lsn;

  private SnapshotReader(Session session, Connection connection, Lsn lsn) {
    this.session = session;
    this.connection = connection;
    this.lsn = lsn;
  }

  /**
   * Imports a snapshot on a connection of its own.
   *
   * @param snapshot the name under which the slot's snapshot was exported
   * @param lsn where the slot begins
   */
  static SnapshotReader open(Session session, String snapshot, Lsn lsn) throws SQLException {
    SnapshotReader reader = new SnapshotReader(session, connect(session), lsn);
    try {
      reader.begin(snapshot);
      return reader;
    } catch (SQLException | RuntimeException | Error e) {
      reader.close();
      throw e;
    }
  }

  /**
   * The same beside a reader who has looked at the contents.
   *
   * @throws SQLException if there is no connection for it, or somebody waits for one of the tables
   *     for himself
   */
  static SnapshotReader help(Session session, String snapshot, Lsn lsn) throws SQLException {
    SnapshotReader reader = open(session, snapshot, lsn);
    try {
      ExportedSnapshot.lockAtOnce(reader.connection, session.capture().tables());
      return reader;
    } catch (SQLException | RuntimeException | Error e) {
      reader.close();
      throw e;
    }
  }

  static Connection connect(Session session) throws SQLException {
    Connection connection = Connections.open(session.config());
    session.connected(connection);
    Connections.waitForEver(connection); // for locks, and for rows that a filter leaves out
    return connection;
  }

  private void begin(String snapshot) throws SQLException {
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    connection.setReadOnly(true);
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
    }
  }

  /** Locks the tables and looks at them. */
  ExportedSnapshot.Contents contents() throws SQLException {
    return ExportedSnapshot.read(
        connection, session.config(), session.catalog(), session.capture());
  }

  /** Reads tables until none is left, as fast as listeners take the rows. */
  void readAll(SnapshotTables tables) throws SQLException, InterruptedException {
    for (Next table = tables.next(); table != null; table = tables.next()) {
      copy(table, tables);
    }
    connection.rollback(); // nothing was changed; lets the locks go
  }

  private void copy(Next table, SnapshotTables tables) throws SQLException, InterruptedException {
    session.queue().add(new SourceEvent.Shape(table.id(), table.layout()), 0);
    CopyOut rows =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + select(table) + ") TO STDOUT");
    do {
      awaitRoom();
      tables.check();
    } while (readOne(rows, table.id(), table.layout()));
  }

  // Nobody waits in here, with a row in hand that may fill half of the heap.
  private boolean readOne(CopyOut rows, TableId table, RowLayout layout) throws SQLException {
    byte[] line = rows.readFromCopy();
    if (line == null) {
      return false;
    }
    Texts texts = new Texts(line, 0);
    Row row = layout.row(CopyText.read(line, layout.columns().size(), texts));
    SourceEvent read = new SourceEvent.SnapshotRow(table, lsn, layout.key(row), row);
    session.queue().add(read, texts.heapBytes());
    return true;
  }

  private void awaitRoom() throws SQLException, InterruptedException {
    do {
      if (session.quiet()) {
        throw new SQLException("the engine is being stopped", "57014");
      }
    } while (!session.queue().awaitRoom(LOOK_UP_NANOS));
  }

  // The stream has only the rows that the publication's filter lets through, so the snapshot must
  // not have more.
  private static String select(Next table) {
    String columns =
        table.layout().columns().stream()
            .map(column -> '"' + column.replace("\"", "\"\"") + '"')
            .collect(Collectors.joining(", "));
    String filter = table.filter() == null ? "" : " AND (" + table.filter() + ")";
    return "SELECT %s FROM %s WHERE %s%s"
        .formatted(columns, table.id().quoted(), own(table.id()), filter);
  }

  // Rows of inheritance children are the children's own, in the stream too; rows of partitions are
  // the root's.
  private static String own(TableId table) {
    String oid = "'" + table.quoted().replace("'", "''") + "'::regclass";
    return "(tableoid = %1$s OR EXISTS (SELECT FROM pg_catalog.pg_partitioned_table WHERE partrelid = %1$s))"
        .formatted(oid);
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

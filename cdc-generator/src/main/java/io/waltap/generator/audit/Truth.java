package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The ledger as of one moment, read in the order in which transactions were delivered. Nothing of
 * it is kept but a fetch's worth of rows.
 */
final class Truth implements AutoCloseable {

  private static final String NO_SUCH_TABLE = "42P01";
  private static final int FETCH = 2_000;

  // Nested loops, since the planner may take a batch of transactions for a reason to read it all.
  private static final String SETTINGS =
      """
      SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
      SET LOCAL enable_hashjoin = off;
      SET LOCAL enable_mergejoin = off;
      SET LOCAL jit = off""";

  private static final String CHANGES =
      """
      SELECT wanted.place, wanted.xid, seq, relation, operation, nested, old_row, new_row
      FROM unnest(?) WITH ORDINALITY AS wanted (xid, place)
      JOIN waltap_audit.ledger USING (xid)
      ORDER BY wanted.place, seq""";

  private final Connection connection;
  private final boolean autoCommit;
  private final Map<Long, TreeMap<Long, Shape>> shapes = new HashMap<>();
  private final Map<TableId, Shape> latest = new HashMap<>();
  private final PreparedStatement changes;
  private @Nullable ResultSet rows;
  private boolean onRow;
  private long place;

  Truth(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      execute(SETTINGS);
      readShapes();
      changes = connection.prepareStatement(CHANGES);
      changes.setFetchSize(FETCH);
    } catch (SQLException e) {
      giveBack();
      if (NO_SUCH_TABLE.equals(e.getSQLState())) {
        throw new IllegalStateException(
            "There is no ledger in this database: install it, with Ledger.install or the command"
                + " ledger, before what is to be audited.",
            e);
      }
      throw e;
    }
  }

  /** What a table looked like last; without columns if the ledger does not know it. */
  Shape shape(TableId table) {
    return latest.getOrDefault(table, new Shape(table, List.of(), List.of(), Set.of(), List.of()));
  }

  /** Whether there was ever a ledger of the table since it was installed. */
  boolean notes(TableId table) {
    return latest.containsKey(table);
  }

  /** From which position on the ledger is complete. */
  Lsn began() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT began FROM waltap_audit.round")) {
      if (!row.next()) {
        throw new SQLException("The ledger has no round: install it anew.");
      }
      return Lsn.parse(row.getString(1));
    }
  }

  /** Asks for transactions; one may be asked for more than once. */
  void expect(List<Long> transactions) throws SQLException {
    closeRows();
    Array array = connection.createArrayOf("bigint", transactions.toArray());
    changes.setArray(1, array);
    ResultSet opened = changes.executeQuery();
    rows = opened;
    onRow = opened.next();
    place = 0;
  }

  /** Goes on to the next transaction. */
  void nextTransaction() {
    place++;
  }

  /** Whether there is another change of the transaction. */
  boolean hasNext() throws SQLException {
    return onRow && row().getLong("place") == place;
  }

  /** The next change of the transaction, null after the last. */
  @Nullable Expected next() throws SQLException {
    if (!hasNext()) {
      return null;
    }
    ResultSet row = row();
    Expected change = change(row);
    onRow = row.next();
    return change;
  }

  private ResultSet row() {
    return Objects.requireNonNull(rows, "a transaction was asked for");
  }

  private Expected change(ResultSet row) throws SQLException {
    Shape shape =
        Objects.requireNonNull(shapes.get(row.getLong("relation")), "noted before any change")
            .floorEntry(row.getLong("seq"))
            .getValue();
    return new Expected(
        row.getLong("xid"),
        operation(row.getString("operation")),
        row.getBoolean("nested"),
        shape,
        row.getString("old_row"),
        row.getString("new_row"));
  }

  private static Operation operation(String letter) {
    return switch (letter) {
      case "i" -> Operation.INSERT;
      case "u" -> Operation.UPDATE;
      case "d" -> Operation.DELETE;
      default -> Operation.TRUNCATE;
    };
  }

  /** Takes a transaction of the ledger and how many changes it has. */
  interface Visitor {
    void visit(long transaction, long changes) throws SQLException;
  }

  /** Visits all transactions in the order of their first changes. */
  void visitTransactions(Visitor visitor) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet row =
          statement.executeQuery(
              "SELECT xid, count(*) FROM waltap_audit.ledger GROUP BY xid ORDER BY min(seq)")) {
        while (row.next()) {
          visitor.visit(row.getLong(1), row.getLong(2));
        }
      }
    }
  }

  /** Takes a change. */
  interface Reader {
    void read(Expected change);
  }

  /** Visits all changes, the last one first. */
  void visitChangesBackwards(Reader reader) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setFetchSize(FETCH);
      try (ResultSet row =
          statement.executeQuery("SELECT * FROM waltap_audit.ledger ORDER BY seq DESC")) {
        while (row.next()) {
          reader.read(change(row));
        }
      }
    }
  }

  private void readShapes() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT * FROM waltap_audit.shape ORDER BY seq")) {
      while (row.next()) {
        Shape shape = shape(row);
        latest.put(shape.table(), shape);
        shapes
            .computeIfAbsent(row.getLong("relation"), relation -> new TreeMap<>())
            .put(row.getLong("seq"), shape);
      }
    }
  }

  private static Shape shape(ResultSet row) throws SQLException {
    return new Shape(
        new TableId(row.getString("schema_name"), row.getString("table_name")),
        names(row, "columns"),
        names(row, "types"),
        Set.copyOf(names(row, "generated")),
        names(row, "key"));
  }

  private static List<String> names(ResultSet row, String column) throws SQLException {
    return List.of((String[]) row.getArray(column).getArray());
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void closeRows() throws SQLException {
    if (rows != null) {
      rows.close();
    }
  }

  /** Ends the moment; the connection is as it was. */
  @Override
  public void close() throws SQLException {
    changes.close();
    giveBack();
  }

  private void giveBack() throws SQLException {
    connection.rollback();
    connection.setAutoCommit(autoCommit);
  }
}

package io.waltap.benchmarks;

import io.waltap.event.ChangeEvent;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.table.Table;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.function.Function;

/**
 * Records of the narrow table, each inserted into another one.
 *
 * @param way how that is done
 * @param store makes what keeps the position
 */
record WritingListener(String name, Way way, Function<Feed, OffsetStore> store)
    implements Candidate {

  /** Makes the table that is written to, if there is none yet; it belongs to no publication. */
  static final String CREATE =
      "CREATE TABLE IF NOT EXISTS public.effects (id bigint PRIMARY KEY, name text, amount numeric)";

  private static final String INSERT = "INSERT INTO public.effects VALUES (?, ?, ?)";
  private static final Table<NarrowRow> TABLE = WorkTable.NARROW.typed();

  /** Makes a door for a run. */
  private interface Way {

    /**
     * Makes it.
     *
     * @param connection for this run only, in autocommit mode
     */
    WalTap.Door over(Connection connection);
  }

  /** Row by row, each with a COMMIT. */
  static Candidate oneByOne(String name) {
    return new WritingListener(
        name,
        connection ->
            (engine, table, arrivals) ->
                engine.listen(
                    TABLE,
                    change -> {
                      insert(connection, change);
                      arrivals.row(change);
                    }),
        feed -> new InMemoryOffsetStore());
  }

  /** A batch of statements and a COMMIT for a batch of changes. */
  static Candidate inBatches(String name) {
    return new WritingListener(
        name,
        connection ->
            (engine, table, arrivals) ->
                engine.listenInBatches(
                    TABLE,
                    changes -> {
                      insert(connection, changes);
                      changes.forEach(arrivals::row);
                    }),
        feed -> new InMemoryOffsetStore());
  }

  /** Row by row, on the connection that commits the position. */
  static Candidate effectivelyOnce(String name) {
    return new WritingListener(
        name,
        unused ->
            (engine, table, arrivals) ->
                engine.listenEffectivelyOnce(
                    TABLE,
                    (change, connection) -> {
                      insert(connection, change);
                      arrivals.row(change);
                    }),
        feed -> JdbcOffsetStore.builder(() -> connect(feed), feed.slot()).createTable().build());
  }

  @Override
  public void receive(Feed feed, Arrivals arrivals) throws Exception {
    try (Connection connection = connect(feed)) {
      new WalTap(name, way.over(connection), store).receive(feed, arrivals);
    }
  }

  /** Removes what was written, and tells how many rows that was. */
  static long clear(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeLargeUpdate("DELETE FROM public.effects");
    }
  }

  private static Connection connect(Feed feed) throws SQLException {
    return DriverManager.getConnection(feed.url(), BenchmarkServer.USER, BenchmarkServer.PASSWORD);
  }

  private static void insert(Connection connection, ChangeEvent<NarrowRow> change)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      fill(insert, change);
      insert.executeUpdate();
    }
  }

  private static void insert(Connection connection, List<ChangeEvent<NarrowRow>> changes)
      throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      for (ChangeEvent<NarrowRow> change : changes) {
        fill(insert, change);
        insert.addBatch();
      }
      insert.executeBatch();
    }
    connection.commit();
  }

  private static void fill(PreparedStatement insert, ChangeEvent<NarrowRow> change)
      throws SQLException {
    NarrowRow row = ((ChangeEvent.Insert<NarrowRow>) change).after();
    insert.setLong(1, row.id());
    insert.setString(2, row.name());
    insert.setBigDecimal(3, row.amount());
  }
}

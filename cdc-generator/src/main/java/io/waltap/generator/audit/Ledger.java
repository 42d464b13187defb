package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import io.waltap.event.TableId;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * The truth that a consumer is judged by: an account of every change of chosen tables, kept by
 * triggers in the schema {@code waltap_audit} of their own database.
 *
 * <p>It is written in the transactions that make the changes. What is rolled back is not in it, and
 * what was committed survives a crash of the server exactly as the rows themselves do. Whoever may
 * write to the tables needs no right on the ledger. It fires under every {@code
 * session_replication_role}; a rewrite of a table by {@code ALTER TABLE} is no change, neither here
 * nor in the stream.
 *
 * <p>A partitioned table is named itself, not by its partitions, and has to be published with
 * {@code publish_via_partition_root}. A publication {@code FOR ALL TABLES} would publish the ledger
 * too: its consumer must not listen to it.
 *
 * <p>Within a transaction the ledger has the order in which changes were made, cascades of foreign
 * keys included, but for changes that a trigger of the user's makes: PostgreSQL fires triggers when
 * a statement ends. Of a transaction with such changes the {@link Audit} judges the order key by
 * key. The same would be true of a function that changes audited tables while a statement that
 * changes them calls it; the ledger cannot see that, so do not audit such statements.
 */
public final class Ledger {

  /**
   * Before any other trigger of a table, in the order of their names: those of keys begin with R.
   */
  private static final String TRIGGER = "\"!waltap_audit";

  private Ledger() {}

  /**
   * Begins to keep the account of some tables, all or nothing, and a new round with it: see {@link
   * #clear}. Waits for transactions that are writing to the tables. Installing again changes
   * nothing but the round. If autocommit is off, the caller commits.
   *
   * @param connection of the tables' owner, who may create a schema in this database
   * @return where the round begins
   * @throws SQLException if a table does not exist or a right is missing
   */
  public static Lsn install(Connection connection, Collection<TableId> tables) throws SQLException {
    StringBuilder sql = new StringBuilder(script());
    for (TableId table : tables) {
      sql.append(triggers(table, oid(connection, table)));
    }
    return inOneTransaction(
        connection,
        () -> {
          execute(connection, sql.toString());
          return beginRound(connection);
        });
  }

  /**
   * Empties the ledger and begins a new round: an {@link Audit} judges the transactions that commit
   * from here on. Waits for transactions that are writing to audited tables.
   *
   * @return where the round begins
   */
  public static Lsn clear(Connection connection) throws SQLException {
    return inOneTransaction(connection, () -> beginRound(connection));
  }

  /** Removes the ledger and its triggers; does nothing if there is none. */
  public static void uninstall(Connection connection) throws SQLException {
    execute(connection, "DROP SCHEMA IF EXISTS waltap_audit CASCADE");
  }

  // Whoever holds this lock knows that all who wrote to the ledger have committed before, and that
  // all who will, commit after: both sides of the position that is read while it is held.
  private static Lsn beginRound(Connection connection) throws SQLException {
    execute(connection, "TRUNCATE waltap_audit.ledger, waltap_audit.round");
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "INSERT INTO waltap_audit.round VALUES (pg_current_wal_insert_lsn())"
                    + " RETURNING began")) {
      row.next();
      return Lsn.parse(row.getString(1));
    }
  }

  private static String triggers(TableId table, long oid) {
    String on = " ON " + table.quoted();
    List<String> sql = new ArrayList<>();
    for (String name : List.of("_row\"", "_statement\"", "_truncate\"")) {
      sql.add("DROP TRIGGER IF EXISTS " + TRIGGER + name + on);
    }
    sql.add(
        "CREATE TRIGGER "
            + TRIGGER
            + "_statement\" BEFORE INSERT OR UPDATE OR DELETE"
            + on
            + " FOR EACH STATEMENT EXECUTE FUNCTION waltap_audit.note_statement()");
    sql.add(
        "CREATE TRIGGER "
            + TRIGGER
            + "_row\" AFTER INSERT OR UPDATE OR DELETE"
            + on
            + " FOR EACH ROW EXECUTE FUNCTION waltap_audit.note_change('"
            + oid
            + "')");
    sql.add(
        "CREATE TRIGGER "
            + TRIGGER
            + "_truncate\" AFTER TRUNCATE"
            + on
            + " FOR EACH STATEMENT EXECUTE FUNCTION waltap_audit.note_change('"
            + oid
            + "')");
    for (String name : List.of("_row\"", "_statement\"", "_truncate\"")) {
      sql.add("ALTER TABLE " + table.quoted() + " ENABLE ALWAYS TRIGGER " + TRIGGER + name);
    }
    sql.add("SELECT waltap_audit.note_shape(" + oid + ", " + oid + ")");
    return String.join(";\n", sql) + ";\n";
  }

  private static long oid(Connection connection, TableId table) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement("SELECT ?::regclass::oid")) {
      statement.setString(1, table.quoted());
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  private static String script() {
    try (InputStream in = Ledger.class.getResourceAsStream("ledger.sql")) {
      if (in == null) {
        throw new IllegalStateException("ledger.sql is not on the class path.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private interface Work {
    Lsn run() throws SQLException;
  }

  private static Lsn inOneTransaction(Connection connection, Work work) throws SQLException {
    if (!connection.getAutoCommit()) {
      return work.run();
    }
    connection.setAutoCommit(false);
    try {
      Lsn result = work.run();
      connection.commit();
      return result;
    } catch (SQLException e) {
      connection.rollback();
      throw e;
    } finally {
      connection.setAutoCommit(true);
    }
  }
}

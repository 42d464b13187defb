package io.waltap.deadletter;

import io.waltap.deadletter.JdbcDeadLetters.Change;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.deadletter.JdbcDeadLetters.ParkedKey;
import io.waltap.deadletter.JdbcDeadLetters.Standing;
import io.waltap.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements on a table of letters. Each is one transaction of one statement, and doing one
 * twice does no harm: whoever does not know whether it was committed may do it again.
 *
 * <p><b>Which letters wait for which.</b> Nothing in the table names a queue. Two letters of a
 * listener and a table touch if they have a key in common, the key before a change of it included,
 * or if one of them has all keys, as a truncate has; of two that touch, the later one waits. So a
 * change of key 1 to key 2 makes what follows of either wait, without anything being rewritten, and
 * what waits for nothing more is free at once, whoever removed the last letter before it.
 *
 * <p><b>Which letter is the later one</b> says the place of its change: the commit, then the order
 * in it. Both only ever grow along the stream, while LSNs of single changes go back and forth, and
 * ids do not tell either: after a crash, changes from before a letter are delivered again, and what
 * fails then, and did not fail at first, is parked after it. A row of the snapshot has the place of
 * the snapshot, which is before that of all that commits after it. Rows of one snapshot have one
 * place; among these, the ids tell.
 */
final class LetterTable {

  /** Where a change is in the stream. */
  private static final String PLACE = "(coalesce(commit_lsn, lsn), change_order)";

  private static final String ORDER = " ORDER BY coalesce(commit_lsn, lsn), change_order, id";

  private final String name;
  private final String engine;
  private final String quoted;

  /**
   * @param name {@code schema.table}, or a table that the {@code search_path} finds
   */
  LetterTable(String name, String engine) {
    this.name = name;
    this.engine = engine;
    this.quoted = quote(name);
  }

  static String quote(String name) {
    return name.contains(".")
        ? TableId.parse(name).quoted()
        : '"' + name.replace("\"", "\"\"") + '"';
  }

  // As json, not jsonb, which does not hold all that a json column of a captured table may. Keys
  // have hash indexes, for which no key is too long.
  private String ddl() {
    return ("CREATE TABLE %1$s (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, engine text NOT"
            + " NULL, listener text NOT NULL, change_id text NOT NULL, table_schema text NOT NULL,"
            + " table_name text NOT NULL, operation text NOT NULL, key_text text NOT NULL,"
            + " previous_key text, change json NOT NULL, image text NOT NULL, transaction_id"
            + " bigint, commit_lsn pg_lsn, commit_time timestamptz, lsn pg_lsn NOT NULL,"
            + " change_order bigint NOT NULL, alone boolean NOT NULL, error text, attempts integer"
            + " NOT NULL, parked_at timestamptz NOT NULL DEFAULT now(), UNIQUE (engine, listener,"
            + " change_id)); CREATE INDEX ON %1$s USING hash (key_text); CREATE INDEX ON %1$s USING"
            + " hash (previous_key); CREATE INDEX ON %1$s (engine, (coalesce(commit_lsn, lsn)),"
            + " change_order, id);")
        .formatted(quoted);
  }

  /** What is to be done about a failure. */
  String remedy(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case "42P01", "3F000" -> "create it, or have it created with createTable(): " + ddl();
      case "42501" ->
          "run GRANT SELECT, INSERT, UPDATE, DELETE ON "
              + quoted
              + " TO the role of its connections.";
      case "42703", "42P10", "42804", "42883" ->
          "name a table that was made for dead letters: " + ddl();
      default -> "see to it that the database answers.";
    };
  }

  // Looked for first, because CREATE ... IF NOT EXISTS asks for the right to create in any case.
  boolean create(Connection connection) throws SQLException {
    if (exists(connection)) {
      return false;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(ddl());
      return true;
    } catch (SQLException e) {
      if (!exists(connection)) { // else another engine was faster
        throw e;
      }
      return false;
    }
  }

  private boolean exists(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT to_regclass(?) IS NOT NULL")) {
      query.setString(1, quoted);
      try (ResultSet row = query.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** Statements that do nothing, but need the rights, the columns and the constraint. */
  void tryRights(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.executeUpdate(
          "INSERT INTO "
              + quoted
              + (" (" + LetterRow.INSERTED + ") SELECT " + LetterRow.INSERTED)
              + (" FROM " + quoted + " WHERE false ON CONFLICT " + LetterRow.IDENTITY)
              + " DO NOTHING");
      statement.executeUpdate(
          "UPDATE " + quoted + " SET error = error, attempts = attempts WHERE false");
      statement.executeUpdate("DELETE FROM " + quoted + " WHERE false");
      statement.execute(LetterRow.SELECT + quoted + " WHERE false");
    }
  }

  /** All keys that letters touch. */
  Set<ParkedKey> keys(Connection connection) throws SQLException {
    String sql =
        "SELECT DISTINCT listener, table_schema, table_name, key FROM "
            + quoted
            + ", LATERAL (VALUES (key_text), (previous_key)) AS touched (key)"
            + " WHERE engine = ? AND key IS NOT NULL";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, engine);
      try (ResultSet row = query.executeQuery()) {
        Set<ParkedKey> keys = new HashSet<>();
        while (row.next()) {
          keys.add(new ParkedKey(row.getString(1), LetterRow.table(row), row.getString("key")));
        }
        return keys;
      }
    }
  }

  /** Parks a change whatever else is parked, once. */
  boolean park(
      Connection connection,
      String id,
      String listener,
      Change change,
      boolean alone,
      String error,
      int attempts)
      throws SQLException {
    String sql =
        "WITH parked AS (INSERT INTO %s (%s) VALUES (%s) ON CONFLICT %s DO NOTHING RETURNING 1)"
            .formatted(quoted, LetterRow.INSERTED, LetterRow.PARAMETERS, LetterRow.IDENTITY);
    try (PreparedStatement insert =
        connection.prepareStatement(sql + " SELECT EXISTS (SELECT FROM parked), " + DURABLE)) {
      new LetterRow(insert).letter(engine, listener, id, change, alone, error, attempts);
      try (ResultSet row = insert.executeQuery()) {
        return row.next() && row.getBoolean(1);
      }
    }
  }

  /** Makes the server wait for the disk, also for a role that does not wait for it otherwise. */
  private static final String DURABLE =
      "set_config('synchronous_commit', replace(current_setting('synchronous_commit'), 'off',"
          + " 'on'), true)";

  /** Parks a change if it is there already or has to wait. */
  Standing parkBehind(Connection connection, String id, String listener, Change change)
      throws SQLException {
    String touching = "SELECT FROM " + quoted + " WHERE " + touching(change);
    String sql =
        ("WITH it AS (SELECT CASE WHEN EXISTS (%1$s AND (change_id = ? OR NOT alone AND %2$s <="
                + " (?::pg_lsn, ?))) THEN 'PARKED' WHEN EXISTS (%1$s AND %2$s > (?::pg_lsn, ?))"
                + " THEN 'AHEAD' ELSE 'FREE' END AS stands), parked AS (INSERT INTO %3$s (%4$s)"
                + " SELECT %5$s FROM it WHERE stands = 'PARKED' ON CONFLICT %6$s DO NOTHING)"
                + " SELECT stands, %7$s FROM it")
            .formatted(
                touching,
                PLACE,
                quoted,
                LetterRow.INSERTED,
                LetterRow.PARAMETERS,
                LetterRow.IDENTITY,
                DURABLE);
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      new LetterRow(insert)
          .touching(engine, listener, change)
          .text(id)
          .place(change)
          .touching(engine, listener, change)
          .place(change)
          .letter(engine, listener, id, change, false, null, 0);
      try (ResultSet row = insert.executeQuery()) {
        row.next();
        return Standing.valueOf(row.getString(1));
      }
    }
  }

  /** The condition that {@link LetterRow#touching} fills. */
  private static String touching(Change change) {
    String sameTable = "engine = ? AND listener = ? AND table_schema = ? AND table_name = ?";
    return LetterRow.hasAllKeys(change)
        ? sameTable
        : sameTable + " AND (key_text IN ('', ?, ?) OR previous_key IN (?, ?))";
  }

  List<DeadLetter> list(Connection connection, @Nullable DeadLetter after, int most)
      throws SQLException {
    String sql =
        (LetterRow.SELECT + quoted + " WHERE engine = ?")
            + (after == null ? "" : " AND " + LATER)
            + (ORDER + " LIMIT ?");
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      LetterRow parameters = new LetterRow(query).text(engine);
      if (after != null) {
        parameters.place(after.change()).number(after.id());
      }
      parameters.number(most);
      return letters(query);
    }
  }

  private static final String LATER =
      "(coalesce(commit_lsn, lsn), change_order, id) > (?::pg_lsn, ?, ?)";
  private static final String EARLIER =
      "(coalesce(commit_lsn, lsn), change_order, id) < (?::pg_lsn, ?, ?)";

  Optional<DeadLetter> find(Connection connection, long id) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(LetterRow.SELECT + quoted + " WHERE engine = ? AND id = ?")) {
      new LetterRow(query).text(engine).number(id);
      return letters(query).stream().findFirst();
    }
  }

  /** The first letter that another one waits for. */
  Optional<DeadLetter> before(Connection connection, DeadLetter letter) throws SQLException {
    Change change = letter.change();
    String sql =
        (LetterRow.SELECT + quoted + " WHERE " + touching(change))
            + (" AND NOT alone AND " + EARLIER + ORDER + " LIMIT 1");
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      new LetterRow(query)
          .touching(engine, letter.listener(), change)
          .place(change)
          .number(letter.id());
      return letters(query).stream().findFirst();
    }
  }

  private static List<DeadLetter> letters(PreparedStatement query) throws SQLException {
    try (ResultSet row = query.executeQuery()) {
      List<DeadLetter> letters = new ArrayList<>();
      while (row.next()) {
        letters.add(LetterRow.read(row));
      }
      return letters;
    }
  }

  long count(Connection connection) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT count(*) FROM " + quoted + " WHERE engine = ?")) {
      query.setString(1, engine);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }

  boolean remove(Connection connection, long id) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM " + quoted + " WHERE engine = ? AND id = ?")) {
      new LetterRow(delete).text(engine).number(id);
      return delete.executeUpdate() > 0;
    }
  }

  boolean fail(Connection connection, long id, String error, int attempts) throws SQLException {
    String sql = "UPDATE " + quoted + " SET error = ?, attempts = ? WHERE engine = ? AND id = ?";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      new LetterRow(update)
          .text(LetterRow.holdable(error))
          .number(attempts)
          .text(engine)
          .number(id);
      return update.executeUpdate() > 0;
    }
  }

  @Override
  public String toString() {
    return name + " (engine \"" + engine + "\")";
  }
}

package io.waltap.offset;

import io.waltap.event.Lsn;
import io.waltap.event.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.util.Optional;

/**
 * The statements on a table of positions. Doing one twice does no harm: whoever does not know
 * whether it was committed may do it again, if it was a transaction of its own.
 */
final class OffsetTable {

  /** What {@link #save} finds in a transaction that {@link #begin} has begun. */
  static final String MARK = "begun";

  private final String name;
  private final String quoted;

  /**
   * @param name {@code schema.table}, or a table that the {@code search_path} finds
   */
  OffsetTable(String name) {
    this.name = name;
    this.quoted =
        name.contains(".") ? TableId.parse(name).quoted() : '"' + name.replace("\"", "\"\"") + '"';
  }

  /**
   * A row, claimed.
   *
   * @param generation how often the row was claimed, this time included
   */
  record Claim(long generation, Optional<Offset> offset) {}

  /** Who has the row now, and what it holds. */
  record Owner(long generation, String holder, Optional<Offset> offset) {}

  /** How the table is made. */
  String ddl() {
    return "CREATE TABLE "
        + quoted
        + " (engine text PRIMARY KEY, generation bigint NOT NULL, holder text NOT NULL, slot text,"
        + " system_identifier text, timeline integer, publication text, lsn pg_lsn, saved_at"
        + " timestamptz);";
  }

  /** What a role needs. */
  String grant() {
    return "GRANT SELECT, INSERT, UPDATE ON " + quoted + " TO ";
  }

  /** What is to be done about a failure. */
  String remedy(SQLException e) {
    return switch (String.valueOf(e.getSQLState())) {
      case "42P01", "3F000" -> "create it, or have it created with createTable(): " + ddl();
      case "42501" -> "run " + grant() + "the role of its connections.";
      case "42703" -> "name a table that was made for positions: " + ddl();
      case "25P02" ->
          "let a listener throw what a statement of its threw, or set a savepoint before one that"
              + " may fail.";
      case "25P03", "25P04" ->
          "let a listener be faster, or raise idle_in_transaction_session_timeout (or"
              + " transaction_timeout) for the role of its connections.";
      default -> "see to it that the database answers.";
    };
  }

  // Looked for first, because CREATE ... IF NOT EXISTS asks for the right to create in any case.
  void create(Connection connection) throws SQLException {
    if (exists(connection)) {
      return;
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(ddl());
    } catch (SQLException e) {
      if (!exists(connection)) { // else another engine was faster
        throw e;
      }
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

  /** Makes the row the holder's own, whoever had it. */
  Claim claim(Connection connection, String engine, String holder) throws SQLException {
    String sql =
        "INSERT INTO "
            + quoted
            + " AS known (engine, generation, holder) VALUES (?, 1, ?) ON CONFLICT (engine) DO"
            + " UPDATE SET generation = known.generation + 1, holder = excluded.holder RETURNING"
            + " generation, slot, system_identifier, timeline, publication, lsn::text";
    try (PreparedStatement claim = connection.prepareStatement(sql)) {
      claim.setString(1, engine);
      claim.setString(2, holder);
      try (ResultSet row = claim.executeQuery()) {
        row.next();
        return new Claim(row.getLong("generation"), offset(row));
      }
    }
  }

  /** What the row holds; empty if there is none, or no table. */
  Optional<Offset> read(Connection connection, String engine) throws SQLException {
    if (!exists(connection)) {
      return Optional.empty();
    }
    String sql =
        "SELECT slot, system_identifier, timeline, publication, lsn::text FROM "
            + quoted
            + " WHERE engine = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, engine);
      try (ResultSet row = query.executeQuery()) {
        return row.next() ? offset(row) : Optional.empty();
      }
    }
  }

  private static Optional<Offset> offset(ResultSet row) throws SQLException {
    String slot = row.getString("slot");
    if (slot == null) {
      return Optional.empty(); // claimed before, never saved
    }
    String lsn = row.getString("lsn");
    return Optional.of(
        new Offset(
            slot,
            row.getString("system_identifier"),
            row.getObject("timeline", Integer.class),
            row.getString("publication"),
            lsn == null ? null : Lsn.parse(lsn)));
  }

  /**
   * Stores the offset if the row is still of that generation. It is on the disk as soon as the
   * transaction is committed, also for a role that does not wait for that otherwise.
   *
   * @return the mark of the transaction, "" if it has none; empty if nothing was stored
   */
  Optional<String> save(Connection connection, String engine, long generation, Offset offset)
      throws SQLException {
    String sql =
        "UPDATE "
            + quoted
            + " SET slot = ?, system_identifier = ?, timeline = ?, publication = ?,"
            + " lsn = ?::pg_lsn, saved_at = now() WHERE engine = ? AND generation = ?"
            + " RETURNING coalesce(current_setting('waltap.mark', true), ''),"
            + " set_config('synchronous_commit', replace("
            + "current_setting('synchronous_commit'), 'off', 'on'), true)";
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, offset.slot());
      update.setString(2, offset.systemIdentifier());
      update.setObject(3, offset.timeline(), Types.INTEGER);
      update.setString(4, offset.publication());
      update.setString(5, offset.lsn() == null ? null : offset.lsn().toString());
      update.setString(6, engine);
      update.setLong(7, generation);
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
      }
    }
  }

  /**
   * Begins a transaction: leaves the mark in it, which goes when it ends, and has the server soon
   * find out when its client is gone, since until then nobody else can change what it changed.
   *
   * @return whose the row is; empty if it is gone
   */
  Optional<Owner> begin(Connection connection, String engine) throws SQLException {
    return owner(
        connection,
        engine,
        ", set_config('waltap.mark', '"
            + MARK
            + "', true), set_config('tcp_keepalives_idle', '10', true),"
            + " set_config('tcp_keepalives_interval', '5', true),"
            + " set_config('tcp_keepalives_count', '3', true)",
        "");
  }

  /** Whose the row is; empty if it is gone. */
  Optional<Owner> owner(Connection connection, String engine) throws SQLException {
    return owner(connection, engine, "", "");
  }

  /** As {@link #owner}, when no transaction is on its way any more that has changed the row. */
  Optional<Owner> settled(Connection connection, String engine) throws SQLException {
    return owner(connection, engine, "", " FOR UPDATE");
  }

  private Optional<Owner> owner(Connection connection, String engine, String also, String lock)
      throws SQLException {
    String sql =
        "SELECT generation, holder, slot, system_identifier, timeline, publication, lsn::text"
            + also
            + " FROM "
            + quoted
            + " WHERE engine = ?"
            + lock;
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, engine);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(
                new Owner(row.getLong("generation"), row.getString("holder"), offset(row)))
            : Optional.empty();
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

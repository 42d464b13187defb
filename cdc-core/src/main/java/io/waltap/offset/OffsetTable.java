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
 * The statements on a table of positions. Each is one transaction of one statement, and doing one
 * twice does no harm: whoever does not know whether it was committed may do it again.
 */
final class OffsetTable {

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

  /** Who has the row now. */
  record Owner(long generation, String holder) {}

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
   * Stores the offset if the row is still of that generation. It is on the disk when this returns,
   * also for a role that does not wait for that otherwise.
   *
   * @return whether it is
   */
  boolean save(Connection connection, String engine, long generation, Offset offset)
      throws SQLException {
    String sql =
        "UPDATE "
            + quoted
            + " SET slot = ?, system_identifier = ?, timeline = ?, publication = ?,"
            + " lsn = ?::pg_lsn, saved_at = now() WHERE engine = ? AND generation = ?"
            + " RETURNING set_config('synchronous_commit', replace("
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
        return row.next();
      }
    }
  }

  /** Whose the row is; empty if it is gone. */
  Optional<Owner> owner(Connection connection, String engine) throws SQLException {
    String sql = "SELECT generation, holder FROM " + quoted + " WHERE engine = ?";
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, engine);
      try (ResultSet row = query.executeQuery()) {
        return row.next()
            ? Optional.of(new Owner(row.getLong("generation"), row.getString("holder")))
            : Optional.empty();
      }
    }
  }

  @Override
  public String toString() {
    return name;
  }
}

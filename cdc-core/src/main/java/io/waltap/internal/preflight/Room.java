package io.waltap.internal.preflight;

import io.waltap.preflight.PreflightFacts.Usage;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Whether there is room for a slot, a WAL sender and the connections of an engine.
 *
 * @param ofRole the role's connections, ours among them; -1 are allowed if there is no limit
 * @param others those of them that are not this engine's: it keeps one while it reconnects, and the
 *     server notices late that others have gone
 */
record Room(
    Usage slots, Usage senders, Usage connections, Usage ofRole, int others, boolean superuser) {

  /**
   * What an engine has open at once while it takes a snapshot, beside those for the rows: the
   * stream's, which versions before 18 count as well, two of Debezium's, one each for the catalog
   * and for looks at the slot.
   */
  static final int CONNECTIONS = 5;

  private static final String ROOM =
      """
      SELECT current_setting('max_replication_slots')::int AS max_slots,
             (SELECT count(*) FROM pg_replication_slots) AS slots,
             current_setting('max_wal_senders')::int AS max_senders,
             (SELECT count(*) FROM pg_stat_replication) AS senders,
             current_setting('max_connections')::int AS max_connections,
             count(*) FILTER (WHERE a.datid IS NOT NULL) AS connections,
             r.rolconnlimit AS max_of_role,
             count(*) FILTER (WHERE a.usesysid = r.oid) AS of_role,
             count(*) FILTER (WHERE a.usesysid = r.oid AND a.application_name
               <> current_setting('application_name')) AS others,
             r.rolsuper AS superuser
      FROM pg_roles r CROSS JOIN pg_stat_activity a
      WHERE r.rolname = session_user GROUP BY r.rolconnlimit, r.rolsuper""";

  static Room read(Catalog catalog) throws SQLException {
    return catalog.one(ROOM, Room::room);
  }

  private static Room room(ResultSet row) throws SQLException {
    return new Room(
        new Usage(row.getInt("slots"), row.getInt("max_slots")),
        new Usage(row.getInt("senders"), row.getInt("max_senders")),
        new Usage(row.getInt("connections"), row.getInt("max_connections")),
        new Usage(row.getInt("of_role"), row.getInt("max_of_role")),
        row.getInt("others"),
        row.getBoolean("superuser"));
  }

  /**
   * What is too narrow.
   *
   * @param slot the name of a slot to be created; empty if there is one
   * @param sender whether a WAL sender is needed
   * @param readers how many connections read the rows of a snapshot
   */
  List<Problem> problems(String role, String slot, boolean sender, int readers) {
    List<Problem> problems = new ArrayList<>();
    if (!slot.isEmpty() && slots.used() >= slots.allowed()) {
      problems.add(noSlot(slot));
    }
    if (sender && senders.used() >= senders.allowed()) {
      problems.add(noSender());
    }
    // A superuser has no limit.
    int needed = CONNECTIONS + readers;
    if (ofRole.allowed() >= 0 && !superuser && others + needed > ofRole.allowed()) {
      problems.add(noConnections(role, needed));
    }
    return problems;
  }

  private Problem noSlot(String slot) {
    return new Problem(
        Code.NO_FREE_SLOT,
        "There is no room for the replication slot %s: the server allows %d and has %d."
            .formatted(slot, slots.allowed(), slots.used()),
        "Drop a slot that nobody needs (SELECT slot_name, active FROM pg_replication_slots;), or"
            + " ALTER SYSTEM SET max_replication_slots = %d; then restart the server."
                .formatted(slots.used() + 5));
  }

  private Problem noSender() {
    return new Problem(
        Code.NO_FREE_WAL_SENDER,
        "There is no free WAL sender: the server allows %d and %d are in use."
            .formatted(senders.allowed(), senders.used()),
        "ALTER SYSTEM SET max_wal_senders = %d; then restart the server."
            .formatted(senders.used() + 5));
  }

  private Problem noConnections(String role, int needed) {
    return new Problem(
        Code.CONNECTION_LIMIT,
        "The role %s may have %d connections and has %d others; an engine needs up to %d at once."
            .formatted(role, ofRole.allowed(), others, needed),
        "ALTER ROLE %s CONNECTION LIMIT %d;".formatted(Names.quote(role), others + needed + 5));
  }
}

package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.preflight.Problem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replication slot: ours and free, or room for a new one. */
final class SlotCheck {

  /** A server takes a moment to notice that the engine before us has gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  // Through jsonb, because the columns about invalidation came with versions 16 and 17.
  private static final String SLOT =
      """
      SELECT slot_type, plugin, database, database = current_database() AS here, active,
             active_pid, application_name, host(client_addr) AS address,
             confirmed_flush_lsn::text, restart_lsn::text, wal_status,
             coalesce(
               to_jsonb(s) ->> 'invalidation_reason',
               CASE WHEN wal_status = 'lost' THEN 'wal_removed'
                    WHEN to_jsonb(s) ->> 'conflicting' = 'true' THEN 'conflict' END) AS invalidated
      FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
      WHERE slot_name = ?""";

  private static final String ROOM =
      """
      SELECT current_setting('max_replication_slots')::int AS max_slots,
             (SELECT count(*) FROM pg_replication_slots) AS slots,
             current_setting('max_wal_senders')::int AS max_senders,
             (SELECT count(*) FROM pg_stat_replication) AS senders""";

  /** The slot and who holds it. */
  record Found(
      ServerFacts.Slot slot,
      String type,
      @Nullable String plugin,
      @Nullable String database,
      boolean here,
      @Nullable String holder,
      @Nullable String address,
      @Nullable String invalidated) {}

  private record Room(int maxSlots, int slots, int maxSenders, int senders) {}

  private SlotCheck() {}

  /** The slot of that name, or null; waits a little for one that is in use. */
  static @Nullable Found read(Catalog catalog, String name) throws SQLException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    Found found = catalog.first(SLOT, SlotCheck::found, name);
    while (found != null && found.slot().active() && System.nanoTime() < end) {
      catalog.one("SELECT pg_sleep(0.05)", row -> "");
      found = catalog.first(SLOT, SlotCheck::found, name);
    }
    return found;
  }

  private static Found found(ResultSet row) throws SQLException {
    return new Found(
        new ServerFacts.Slot(
            row.getBoolean("active"),
            row.getObject("active_pid", Integer.class),
            lsn(row.getString("confirmed_flush_lsn")),
            lsn(row.getString("restart_lsn")),
            row.getString("wal_status")),
        row.getString("slot_type"),
        row.getString("plugin"),
        row.getString("database"),
        row.getBoolean("here"),
        row.getString("application_name"),
        row.getString("address"),
        row.getString("invalidated"));
  }

  private static @Nullable Lsn lsn(@Nullable String text) {
    return text == null ? null : Lsn.parse(text);
  }

  static List<Problem> problems(Catalog catalog, CdcConfig config, @Nullable Found found)
      throws SQLException {
    String name = config.slot();
    List<Problem> problems = new ArrayList<>();
    Room room = catalog.one(ROOM, SlotCheck::room);
    if (found == null) {
      slots(name, room, problems);
    } else {
      kind(name, found, config.snapshotMode() == SnapshotMode.WHEN_NEEDED, problems);
    }
    if (found == null || !found.slot().active()) {
      senders(room, problems);
    }
    return problems;
  }

  private static void kind(String name, Found found, boolean replaceable, List<Problem> problems) {
    String slot = "The replication slot " + name;
    String drop = "SELECT pg_drop_replication_slot(" + Names.literal(name) + ");";
    String other = "Configure another slot name, or, if nobody needs this slot, " + drop;
    if (!found.type().equals("logical")) {
      problems.add(new Problem(slot + " is " + found.type() + ", not logical.", other));
    } else if (!"pgoutput".equals(found.plugin())) {
      problems.add(
          new Problem(slot + " decodes with " + found.plugin() + ", not with pgoutput.", other));
    } else if (!found.here()) {
      problems.add(
          new Problem(slot + " belongs to another database, " + found.database() + ".", other));
    } else if (found.invalidated() != null && !replaceable) {
      problems.add(
          new Problem(
              slot
                  + " was invalidated by the server ("
                  + found.invalidated()
                  + "): changes that were not read before are lost to it.",
              drop + " then delete the stored offset and start anew with a fresh snapshot."));
    } else if (found.slot().active()) {
      problems.add(
          new Problem(
              slot + " is in use by " + holder(found) + ".",
              "Stop that process, configure another slot name, or SELECT pg_terminate_backend("
                  + found.slot().activePid()
                  + ");"));
    }
  }

  private static String holder(Found found) {
    String holder = found.holder();
    return "the server's process "
        + found.slot().activePid()
        + (holder == null || holder.isEmpty() ? "" : " for the application '" + holder + "'")
        + (found.address() == null ? "" : " at " + found.address());
  }

  private static void slots(String name, Room room, List<Problem> problems) {
    if (room.slots() >= room.maxSlots()) {
      problems.add(
          new Problem(
              "There is no room for the replication slot "
                  + name
                  + ": the server allows "
                  + room.maxSlots()
                  + " and has "
                  + room.slots()
                  + ".",
              "Drop a slot that nobody needs (SELECT slot_name, active FROM"
                  + " pg_replication_slots;), or ALTER SYSTEM SET max_replication_slots = "
                  + (room.slots() + 5)
                  + "; then restart the server."));
    }
  }

  private static void senders(Room room, List<Problem> problems) {
    if (room.senders() >= room.maxSenders()) {
      problems.add(
          new Problem(
              "There is no free WAL sender: the server allows "
                  + room.maxSenders()
                  + " and "
                  + room.senders()
                  + " are in use.",
              "ALTER SYSTEM SET max_wal_senders = "
                  + (room.senders() + 5)
                  + "; then restart the server."));
    }
  }

  private static Room room(ResultSet row) throws SQLException {
    return new Room(
        row.getInt("max_slots"),
        row.getInt("slots"),
        row.getInt("max_senders"),
        row.getInt("senders"));
  }
}

package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.preflight.PreflightFacts;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The replication slot: ours, free and not in danger. */
final class SlotCheck {

  /** A server takes a moment to notice that the engine before us has gone. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  // Through jsonb, because the columns about invalidation came with versions 16 and 17.
  private static final String SLOT =
      """
      SELECT slot_type, plugin, database, database = current_database() AS here, active,
             active_pid, application_name, host(client_addr) AS address,
             confirmed_flush_lsn::text, restart_lsn::text, wal_status, safe_wal_size, two_phase,
             pg_is_in_recovery() AND coalesce(to_jsonb(s) ->> 'synced', '') = 'true' AS synced,
             pg_wal_lsn_diff(
               CASE WHEN pg_is_in_recovery()
                 THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END,
               restart_lsn)::bigint AS retained,
             coalesce(
               to_jsonb(s) ->> 'invalidation_reason',
               CASE WHEN wal_status = 'lost' THEN 'wal_removed'
                    WHEN to_jsonb(s) ->> 'conflicting' = 'true' THEN 'conflict' END) AS invalidated
      FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
      WHERE slot_name = ?""";

  /** The slot and who holds it. */
  record Found(
      ServerFacts.Slot slot,
      String type,
      @Nullable String plugin,
      @Nullable String database,
      boolean here,
      @Nullable String holder,
      @Nullable String address,
      @Nullable String invalidated,
      boolean twoPhase,
      boolean synced,
      @Nullable Long retained,
      @Nullable Long safe) {

    PreflightFacts.Slot facts(String name) {
      return new PreflightFacts.Slot(
          name,
          plugin,
          database,
          slot.active() ? SlotCheck.holder(this) : null,
          slot.walStatus(),
          retained,
          safe,
          slot.confirmedFlush());
    }
  }

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
        row.getString("invalidated"),
        row.getBoolean("two_phase"),
        row.getBoolean("synced"),
        row.getObject("retained", Long.class),
        row.getObject("safe_wal_size", Long.class));
  }

  private static @Nullable Lsn lsn(@Nullable String text) {
    return text == null ? null : Lsn.parse(text);
  }

  static List<Problem> problems(CdcConfig config, Found found) {
    String name = config.slot();
    List<Problem> problems = new ArrayList<>();
    kind(name, found, config.snapshotMode() == SnapshotMode.WHEN_NEEDED, problems);
    if (problems.isEmpty()) {
      risk(name, found, problems);
    }
    return problems;
  }

  private static void kind(String name, Found found, boolean replaceable, List<Problem> problems) {
    String slot = "The replication slot " + name;
    String drop = "SELECT pg_drop_replication_slot(" + Names.literal(name) + ");";
    String other = "Configure another slot name, or, if nobody needs this slot, " + drop;
    if (!found.type().equals("logical")) {
      problems.add(
          new Problem(
              Code.SLOT_OF_ANOTHER_KIND, slot + " is " + found.type() + ", not logical.", other));
    } else if (!"pgoutput".equals(found.plugin())) {
      problems.add(
          new Problem(
              Code.SLOT_OF_ANOTHER_KIND,
              slot + " decodes with " + found.plugin() + ", not with pgoutput.",
              other));
    } else if (found.twoPhase()) {
      problems.add(
          new Problem(
              Code.SLOT_OF_ANOTHER_KIND,
              slot + " decodes prepared transactions before they are committed (two_phase).",
              other));
    } else if (!found.here()) {
      problems.add(
          new Problem(
              Code.SLOT_OF_ANOTHER_DATABASE,
              slot + " belongs to another database, " + found.database() + ".",
              other));
    } else if (found.synced()) {
      problems.add(
          new Problem(
              Code.STANDBY,
              slot
                  + " is kept in step with that of a primary, and cannot be read before this"
                  + " standby is promoted.",
              "Connect to the primary server."));
    } else if (found.invalidated() != null && !replaceable) {
      problems.add(
          new Problem(
              Code.SLOT_LOST,
              slot
                  + " was invalidated by the server ("
                  + found.invalidated()
                  + "): changes that were not read before are lost to it.",
              drop + " then delete the stored offset and start anew with a fresh snapshot."));
    } else if (found.slot().active()) {
      problems.add(
          new Problem(
              Code.SLOT_IN_USE,
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

  private static void risk(String name, Found found, List<Problem> problems) {
    String status = found.slot().walStatus();
    if ("unreserved".equals(status)) {
      problems.add(
          new Problem(
              Code.SLOT_AT_RISK,
              "The replication slot %s keeps %s bytes of WAL, more than max_slot_wal_keep_size allows: the server will give it up at one of its next checkpoints."
                  .formatted(name, found.retained()),
              "Let the engine catch up, or, if the disk has room, ALTER SYSTEM SET"
                  + " max_slot_wal_keep_size = -1; SELECT pg_reload_conf();"));
    } else if ("extended".equals(status)) {
      problems.add(
          new Problem(
              Code.SLOT_AT_RISK,
              "The replication slot %s keeps %s bytes of WAL, more than max_wal_size."
                  .formatted(name, found.retained()),
              "Let the engine catch up, or, if nobody needs the slot, SELECT"
                  + " pg_drop_replication_slot(%s);".formatted(Names.literal(name))));
    }
  }
}

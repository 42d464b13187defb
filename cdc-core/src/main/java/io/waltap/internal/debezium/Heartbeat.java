package io.waltap.internal.debezium;

import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.engine.Pulse;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends heartbeats on an ordinary connection of its own. They are transactional messages, since
 * only a commit makes the server write its log out at once; they need no table and leave nothing
 * behind. A table carries them where the function may not be called.
 */
public final class Heartbeat implements Pulse {

  private static final Logger LOG = LoggerFactory.getLogger(Heartbeat.class);

  private static final String EMIT = "SELECT pg_catalog.pg_logical_emit_message(true, ?, ?)::text";

  private static final String SLOT =
      """
      SELECT now.lsn::text AS current, s.confirmed_flush_lsn::text AS confirmed,
             coalesce(pg_wal_lsn_diff(now.lsn, s.restart_lsn), 0)::int8 AS retained,
             s.wal_status, s.safe_wal_size
      FROM (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                        ELSE pg_current_wal_lsn() END AS lsn) now
      LEFT JOIN pg_replication_slots s ON s.slot_name = ?""";

  // Whoever is 0 is a prepared transaction.
  private static final String BLOCKERS =
      """
      SELECT string_agg(
        CASE WHEN b.pid = 0 THEN 'a prepared transaction'
             ELSE 'the transaction of the server''s process ' || b.pid
               || coalesce(' for the application ''' || nullif(a.application_name, '') || '''', '')
               || coalesce(' in the database ' || a.datname, '') END, ', ')
      FROM unnest(pg_blocking_pids(?)) AS b (pid) LEFT JOIN pg_stat_activity a USING (pid)""";

  /** insufficient_privilege, undefined_function, undefined_table, read_only_sql_transaction. */
  private static final Set<String> REFUSALS = Set.of("42501", "42883", "42P01", "25006");

  private final CdcConfig config;
  private final boolean sending;
  private final HeartbeatMark mark;
  private volatile @Nullable Connection connection;
  private volatile boolean closed;
  private boolean refused;

  public Heartbeat(CdcConfig config) {
    this.config = config;
    this.sending = !config.heartbeatInterval().isZero();
    this.mark = mark(config);
  }

  static HeartbeatMark mark(CdcConfig config) {
    String table = config.heartbeatTable();
    return new HeartbeatMark(config.slot(), table == null ? null : TableId.parse(table));
  }

  /** How often: the configured interval, or now and then if only the slot is looked at. */
  public static Duration interval(CdcConfig config) {
    Duration interval = config.heartbeatInterval();
    return interval.isZero() ? Duration.ofSeconds(10) : interval;
  }

  @Override
  public Reply beat(long number) throws SQLException {
    try {
      Lsn sentAt = sending && !refused ? send(number) : null;
      SlotStatus slot = slot();
      return new Reply(mark.table() != null && sentAt != null ? slot.current() : sentAt, slot);
    } catch (SQLException e) {
      disconnect();
      throw e;
    }
  }

  @Override
  public Look look(@Nullable Integer backend) throws SQLException {
    try {
      return new Look(slot(), backend == null ? null : waiting(backend));
    } catch (SQLException e) {
      disconnect();
      throw e;
    }
  }

  private @Nullable String waiting(int backend) throws SQLException {
    try (PreparedStatement query = connection().prepareStatement(BLOCKERS)) {
      query.setInt(1, backend);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        String blockers = row.getString(1);
        return blockers == null
            ? null
            : "the replication slot cannot be created before " + blockers + " ends";
      }
    }
  }

  private @Nullable Lsn send(long number) throws SQLException {
    TableId table = mark.table();
    try {
      return table == null ? emit(number) : write(table, number);
    } catch (SQLException e) {
      if (!REFUSALS.contains(e.getSQLState())) {
        throw e;
      }
      refused = true;
      LOG.warn(
          "{}: the server refuses heartbeats ({}), so a stream that falls silent is not noticed, and"
              + " the slot of an idle database stands still; {}",
          config.name(),
          e.getMessage(),
          "grant EXECUTE on pg_logical_emit_message, or give a heartbeatTable");
      return null;
    }
  }

  private Lsn emit(long number) throws SQLException {
    try (PreparedStatement emit = connection().prepareStatement(EMIT)) {
      emit.setString(1, HeartbeatMark.PREFIX);
      emit.setString(2, mark.content(number));
      try (ResultSet row = emit.executeQuery()) {
        row.next();
        return Lsn.parse(row.getString(1));
      }
    }
  }

  private Lsn write(TableId table, long number) throws SQLException {
    String sql =
        "INSERT INTO %s (%s, %s) VALUES (?, ?) ON CONFLICT (%2$s) DO UPDATE SET %3$s = excluded.%3$s"
            .formatted(table.quoted(), HeartbeatMark.ENGINE_COLUMN, HeartbeatMark.BEAT_COLUMN);
    try (PreparedStatement write = connection().prepareStatement(sql)) {
      write.setString(1, mark.slot());
      write.setLong(2, number);
      write.executeUpdate();
      return new Lsn(0);
    }
  }

  private SlotStatus slot() throws SQLException {
    try (PreparedStatement query = connection().prepareStatement(SLOT)) {
      query.setString(1, config.slot());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        String confirmed = row.getString("confirmed");
        return new SlotStatus(
            Lsn.parse(row.getString("current")),
            confirmed == null ? null : Lsn.parse(confirmed),
            row.getLong("retained"),
            row.getString("wal_status"),
            row.getObject("safe_wal_size", Long.class));
      }
    }
  }

  private Connection connection() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = Connections.ask(config);
      connection = open;
      refused = false; // another server process, perhaps with other rights
      if (closed) {
        disconnect();
      }
    }
    return open;
  }

  private void disconnect() {
    try (Connection open = connection) {
      connection = null;
      LOG.trace("closing {}", open);
    } catch (SQLException e) {
      LOG.debug("the connection for heartbeats was broken before it was closed", e);
    }
  }

  @Override
  public void close() {
    closed = true;
    disconnect();
  }
}

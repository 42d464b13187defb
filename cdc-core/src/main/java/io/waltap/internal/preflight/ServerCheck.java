package io.waltap.internal.preflight;

import io.waltap.event.Lsn;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server as a whole, the database and the role must be. */
final class ServerCheck {

  static final int OLDEST = 14;

  // The name of the file in use begins with the timeline at once after a promotion, the control
  // file
  // tells of it only after a checkpoint. No right is needed for either.
  private static final String QUERY =
      """
      SELECT (SELECT system_identifier::text FROM pg_control_system()) AS system_identifier,
             CASE WHEN pg_is_in_recovery() THEN (SELECT timeline_id FROM pg_control_checkpoint())
                  ELSE ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int
             END AS timeline,
             CASE WHEN NOT pg_is_in_recovery() THEN pg_current_wal_lsn()::text END AS current,
             current_database() AS database,
             current_setting('server_encoding') AS encoding,
             pg_is_in_recovery() AS standby,
             current_setting('wal_level') AS wal_level,
             rolname AS role,
             rolsuper OR rolreplication AS replicates,
             (SELECT pg_has_role(session_user, oid, 'MEMBER')
              FROM pg_roles WHERE rolname = 'rds_replication') AS rds_replicates
      FROM pg_roles WHERE rolname = session_user""";

  /**
   * The server's answers.
   *
   * @param rdsReplicates whether the role is a member of Amazon RDS's role for replication; null
   *     where there is no such role
   */
  record Server(
      int version,
      String systemIdentifier,
      int timeline,
      @Nullable Lsn current,
      String database,
      String encoding,
      boolean standby,
      String walLevel,
      String role,
      boolean replicates,
      @Nullable Boolean rdsReplicates) {

    boolean mayReplicate() {
      return replicates || Boolean.TRUE.equals(rdsReplicates);
    }
  }

  private ServerCheck() {}

  static Server read(Catalog catalog) throws SQLException {
    int version = catalog.version();
    return catalog.one(QUERY, row -> server(version, row));
  }

  private static Server server(int version, ResultSet row) throws SQLException {
    String current = row.getString("current");
    return new Server(
        version,
        row.getString("system_identifier"),
        row.getInt("timeline"),
        current == null ? null : Lsn.parse(current),
        row.getString("database"),
        row.getString("encoding"),
        row.getBoolean("standby"),
        row.getString("wal_level"),
        row.getString("role"),
        row.getBoolean("replicates"),
        row.getObject("rds_replicates", Boolean.class));
  }

  /** An old server is the only problem told: the other checks ask what it does not know. */
  static List<Problem> tooOld(int version) {
    return version >= OLDEST
        ? List.of()
        : List.of(
            new Problem(
                Code.SERVER_TOO_OLD,
                "The server is PostgreSQL " + version + "; the oldest supported is " + OLDEST + ".",
                "Upgrade the server to PostgreSQL " + OLDEST + " or later."));
  }

  static List<Problem> problems(Server server) {
    List<Problem> problems = new ArrayList<>();
    String database = Names.quote(server.database());
    if (!server.encoding().equals("UTF8")) {
      problems.add(
          new Problem(
              Code.SERVER_ENCODING,
              "The database " + database + " is encoded in " + server.encoding() + ", not UTF8.",
              "Move the data to a database made with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE"
                  + " template0;"));
    }
    if (server.standby() && server.version() < 16) {
      problems.add(
          new Problem(
              Code.STANDBY,
              "The server is a standby, which cannot decode changes before PostgreSQL 16.",
              "Connect to the primary server."));
    }
    if (!server.walLevel().equals("logical")) {
      problems.add(
          new Problem(
              Code.WAL_LEVEL,
              "The server's wal_level is " + server.walLevel() + ", not logical.",
              "ALTER SYSTEM SET wal_level = logical; then restart the server (a managed service has"
                  + " a parameter of its own for it)."));
    }
    replication(server, problems);
    return problems;
  }

  private static void replication(Server server, List<Problem> problems) {
    if (!server.mayReplicate()) {
      String role = Names.quote(server.role());
      problems.add(
          new Problem(
              Code.NO_REPLICATION_RIGHT,
              "The role " + role + " may not replicate.",
              server.rdsReplicates() == null
                  ? "ALTER ROLE " + role + " WITH REPLICATION;"
                  : "GRANT rds_replication TO " + role + ";"));
    }
  }
}

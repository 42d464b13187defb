package io.waltap.internal.preflight;

import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Open transactions for which the creation of a slot would have to wait. On a busy server there is
 * always one; told are those that are still there a second later. When they began is not asked: a
 * role that is no superuser does not see it.
 */
final class WaitsCheck {

  private static final String OPEN =
      """
      SELECT backend_xid::text AS xid, pid, datname AS database, application_name AS application,
             NULL AS prepared
      FROM pg_stat_activity
      WHERE backend_xid IS NOT NULL AND pid <> pg_backend_pid()
        AND (cardinality(?::text[]) = 0 OR backend_xid::text = ANY (?::text[]))
      UNION ALL
      SELECT transaction::text, NULL, database, NULL, gid FROM pg_prepared_xacts
      ORDER BY 1""";

  /**
   * An open transaction.
   *
   * @param pid null if it is prepared
   * @param application null if it is prepared or hidden from the role
   * @param prepared its identifier; null if it is not prepared
   */
  private record Open(
      String xid,
      @Nullable Integer pid,
      @Nullable String database,
      @Nullable String application,
      @Nullable String prepared) {}

  private WaitsCheck() {}

  static List<Problem> problems(Catalog catalog) throws SQLException {
    List<Open> open = read(catalog, new String[0]);
    if (open.stream().anyMatch(transaction -> transaction.pid() != null)) {
      catalog.one("SELECT pg_sleep(1)", row -> "");
      open = read(catalog, open.stream().map(Open::xid).toArray(String[]::new));
    }
    return open.stream().map(WaitsCheck::problem).toList();
  }

  /** All, or those of the given ones that are still open. */
  private static List<Open> read(Catalog catalog, String[] known) throws SQLException {
    return catalog.list(OPEN, WaitsCheck::open, known, known);
  }

  private static Open open(ResultSet row) throws SQLException {
    return new Open(
        row.getString("xid"),
        row.getObject("pid", Integer.class),
        row.getString("database"),
        row.getString("application"),
        row.getString("prepared"));
  }

  private static Problem problem(Open open) {
    String database = open.database();
    String where = database == null ? "" : " in the database " + database;
    if (open.prepared() != null) {
      return new Problem(
          Code.SLOT_CREATION_WAITS,
          "The prepared transaction '%s'%s is open: the replication slot cannot be created before it ends."
              .formatted(open.prepared(), where),
          "There, COMMIT PREPARED or ROLLBACK PREPARED %s;"
              .formatted(Names.literal(open.prepared())));
    }
    String application = open.application();
    return new Problem(
        Code.SLOT_CREATION_WAITS,
        "A transaction of the server's process %d%s%s is open: the replication slot cannot be created before it ends."
            .formatted(
                open.pid(),
                application == null || application.isEmpty()
                    ? ""
                    : " for the application '" + application + "'",
                where),
        "Let it end, or SELECT pg_terminate_backend(%d);".formatted(open.pid()));
  }
}

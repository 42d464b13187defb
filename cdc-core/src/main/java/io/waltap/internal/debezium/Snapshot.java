package io.waltap.internal.debezium;

import io.waltap.event.Lsn;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot of a new slot, read by as many readers as are wanted and possible, each on a
 * connection of its own that has imported it: all of them see the same rows. A table is read by one
 * of them, so that its rows stay in order.
 */
final class Snapshot {

  private final Session session;
  private final String name;
  private final Lsn lsn;

  private Snapshot(Session session, String name, Lsn lsn) {
    this.session = session;
    this.name = name;
    this.lsn = lsn;
  }

  /**
   * Reads all tables, as fast as listeners take the rows.
   *
   * @param name under which the slot's snapshot was exported
   * @param lsn where the slot begins
   */
  static void read(Session session, String name, Lsn lsn)
      throws SQLException, InterruptedException {
    new Snapshot(session, name, lsn).read();
  }

  private void read() throws SQLException, InterruptedException {
    try (SnapshotReader first = SnapshotReader.open(session, name, lsn)) {
      SnapshotTables tables = new SnapshotTables(first.contents());
      List<Helper> helpers = new ArrayList<>();
      try {
        for (int i = 1; i < Math.min(session.config().snapshotThreads(), tables.size()); i++) {
          helpers.add(new Helper(i, tables));
        }
        helpers.forEach(Thread::start);
        first.readAll(tables);
        for (Helper helper : helpers) {
          helper.join();
        }
        tables.check();
      } catch (SQLException | InterruptedException | RuntimeException | Error e) {
        tables.failed(e);
        helpers.forEach(Thread::interrupt); // they may wait for room, or for the server
        throw e;
      }
    }
  }

  /**
   * Reads what others do not. It is a help and no more: where no connection can be had, or somebody
   * waits for a table for himself, it does without.
   */
  private final class Helper extends Thread {

    private final SnapshotTables tables;

    Helper(int number, SnapshotTables tables) {
      super("waltap-" + session.config().name() + "-snapshot-" + number);
      this.tables = tables;
      setDaemon(true);
    }

    @Override
    public void run() {
      try (SnapshotReader reader = open()) {
        if (reader != null) {
          reader.readAll(tables);
        }
      } catch (SQLException | InterruptedException | RuntimeException | Error e) {
        tables.failed(e); // whatever it was, a table may not have been read to its end
      }
    }

    private @Nullable SnapshotReader open() {
      try {
        return SnapshotReader.help(session, name, lsn);
      } catch (SQLException e) {
        session.log().info("{} has one reader less: {}", getName(), e.getMessage());
        return null;
      }
    }
  }
}

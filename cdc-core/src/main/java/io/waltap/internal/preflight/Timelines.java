package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.internal.connection.Connections;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The branches of a server's history. A promotion, and a restore to a point in time, ends one
 * timeline and begins the next; the server keeps a file that tells where.
 */
final class Timelines {

  /**
   * The end of one timeline in a server's past.
   *
   * @param end where the next one begins: what lies before it is the same on both
   */
  record Fork(int timeline, Lsn end) {}

  /** Tells the past of a timeline, the oldest first. */
  @FunctionalInterface
  interface History {
    List<Fork> before(int timeline) throws SQLException;
  }

  private Timelines() {}

  /** Asks the server, over a replication connection, which alone can. */
  static List<Fork> before(int timeline, CdcConfig config) throws SQLException {
    try (Connection connection = Connections.openReplication(config);
        Statement statement = connection.createStatement();
        ResultSet file = statement.executeQuery("TIMELINE_HISTORY " + timeline)) {
      file.next();
      return parse(file.getString("content"));
    }
  }

  /**
   * Reads a history file: a line for each fork, with timeline, position and reason between tabs.
   */
  static List<Fork> parse(String content) {
    return content
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .map(line -> line.split("\\s+", 3))
        .map(words -> new Fork(Integer.parseInt(words[0]), Lsn.parse(words[1])))
        .toList();
  }

  /** Where the server left a timeline; null if it never was on it. */
  static @Nullable Lsn endOf(int timeline, List<Fork> forks) {
    return forks.stream()
        .filter(fork -> fork.timeline() == timeline)
        .map(Fork::end)
        .findFirst()
        .orElse(null);
  }
}

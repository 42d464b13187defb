package io.waltap.generator;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Locale;

/**
 * How far the consumer of a replication slot is behind: the bytes of the server's log that it has
 * not confirmed. Asked once a second at most. For one thread at a time.
 */
final class SlotLag implements AutoCloseable {

  private static final String QUERY =
      """
      SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), confirmed_flush_lsn)::int8
      FROM pg_replication_slots WHERE slot_name = ?""";

  private static final long INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

  private final Connection connection;
  private final String slot;
  private long askedNanos;
  private String words;

  /**
   * @param connection is closed with this
   * @throws IllegalArgumentException if there is no such slot, or none of logical replication
   */
  SlotLag(Connection connection, String slot) throws SQLException {
    this.connection = connection;
    this.slot = slot;
    this.words = ask();
    this.askedNanos = System.nanoTime();
  }

  /** Such as {@code 1,024 kB behind}, or that it cannot be known now. */
  String words() {
    if (System.nanoTime() - askedNanos >= INTERVAL_NANOS) {
      words = askAgain();
      askedNanos = System.nanoTime();
    }
    return words;
  }

  private String askAgain() {
    try {
      return ask();
    } catch (SQLException | IllegalArgumentException e) {
      return "lag unknown"; // the slot was dropped meanwhile; nothing that writing is about
    }
  }

  private String ask() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, slot);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next() || row.getObject(1) == null) {
          throw new IllegalArgumentException(
              "There is no slot of logical replication '"
                  + slot
                  + "': correct --slot, or start its consumer first.");
        }
        return String.format(Locale.ROOT, "%,d kB behind", row.getLong(1) / 1024);
      }
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}

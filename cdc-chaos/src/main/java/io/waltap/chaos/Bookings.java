package io.waltap.chaos;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What was booked, next to what should have been.
 *
 * @param changes how many changes were committed
 * @param amount the sum of their amounts
 * @param bookedChanges what the balance says
 * @param bookedAmount what the balance says
 * @param entries how many bookings there are
 * @param different how many different changes they are of
 */
record Bookings(
    long changes,
    BigDecimal amount,
    long bookedChanges,
    BigDecimal bookedAmount,
    long entries,
    long different) {

  static Bookings read(Connection connection) throws SQLException {
    String sql =
        """
        SELECT (SELECT count(*) FROM chaos.truth), (SELECT coalesce(sum(amount), 0) FROM chaos.truth),
          n, sum, (SELECT count(*) FROM chaos.booking),
          (SELECT count(DISTINCT (commit_lsn, change_order)) FROM chaos.booking)
        FROM chaos.totals""";
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return new Bookings(
          row.getLong(1),
          row.getBigDecimal(2),
          row.getLong(3),
          row.getBigDecimal(4),
          row.getLong(5),
          row.getLong(6));
    }
  }

  /** How many changes had no effect at all. */
  long missing() {
    return changes - different;
  }

  /** How many effects there are too many. */
  long repeated() {
    return entries - different;
  }

  /** Whether each change has had its effect once. */
  boolean isExact() {
    return missing() == 0
        && repeated() == 0
        && bookedChanges == changes
        && bookedAmount.compareTo(amount) == 0;
  }

  @Override
  public String toString() {
    return "%,d changes of %s in all; booked %,d of %s; %,d missing, %,d booked again"
        .formatted(changes, amount, bookedChanges, bookedAmount, missing(), repeated());
  }
}

package io.waltap.chaos;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Row;
import io.waltap.table.Table;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Objects;

/** The effect of one change: its amount goes to the balance, its name into the book. */
final class Booking {

  /** Whose changes have effects. */
  static final Table<Row> TABLE = Table.of("public.transactions");

  private Booking() {}

  static void write(ChangeEvent<Row> change, Connection connection) throws SQLException {
    try (PreparedStatement balance =
            connection.prepareStatement("UPDATE chaos.totals SET n = n + 1, sum = sum + ?");
        PreparedStatement entry =
            connection.prepareStatement("INSERT INTO chaos.booking VALUES (?::pg_lsn, ?)")) {
      balance.setBigDecimal(1, amount(change));
      balance.executeUpdate();
      entry.setString(1, Objects.requireNonNull(change.metadata().commitLsn()).toString());
      entry.setLong(2, change.metadata().order());
      entry.executeUpdate();
    }
  }

  private static BigDecimal amount(ChangeEvent<Row> change) {
    Row row = null;
    if (change instanceof ChangeEvent.Insert<Row> insert) {
      row = insert.after();
    } else if (change instanceof ChangeEvent.Update<Row> update) {
      row = update.after();
    }
    BigDecimal amount = row == null ? null : row.getDecimal("amount");
    return amount == null ? BigDecimal.ZERO : amount;
  }
}

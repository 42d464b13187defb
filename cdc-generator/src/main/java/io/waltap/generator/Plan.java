package io.waltap.generator;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All that was said about a workload. */
record Plan(
    RateShape rate,
    long count,
    @Nullable Duration duration,
    int writers,
    Range rowsPerTransaction,
    Mix mix,
    Origin origin,
    boolean accounts,
    InsertStyle inserts,
    @Nullable Range payload,
    Extras extras) {

  private static final String PAYLOAD =
      "ALTER TABLE public.transactions ADD COLUMN IF NOT EXISTS payload text";

  private static final TableShape PAYLOADS =
      new TableShape("public.transactions", new TreeMap<>(Map.of("payload", TableShape.TEXT)));

  Plan {
    if (accounts && (inserts != InsertStyle.ROWS || payload != null || mix.truncate() > 0)) {
      throw new IllegalArgumentException(
          "Accounts go with rows one by one, without payload and truncate: leave those out.");
    }
  }

  /** Sees to it that the optional columns and tables are there. */
  void prepare(Connection connection) throws SQLException {
    if (accounts) {
      origin.accounts().apply(connection);
    }
    if (payload != null && !PAYLOADS.hasColumns(connection)) {
      try (Statement statement = connection.createStatement()) {
        statement.execute(PAYLOAD);
      }
    }
    if (payload != null) {
      PAYLOADS.isThere(connection);
    }
  }

  RowWriter writer(Connection connection, TransactionGenerator generator) throws SQLException {
    return accounts
        ? new AccountWriter(connection, generator, origin.accounts())
        : new TransactionWriter(connection, generator, inserts, payload);
  }

  /** How many rows one of the writers has to commit. */
  long share(int writer) {
    return count == Long.MAX_VALUE ? count : count / writers + (writer < count % writers ? 1 : 0);
  }
}

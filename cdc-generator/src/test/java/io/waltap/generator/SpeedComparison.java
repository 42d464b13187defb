package io.waltap.generator;

import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.PGConnection;

/**
 * Rows a second by COPY, side by side: made up on the way, and ready-made. Not a test, because a
 * clock on the wall decides: run its main method.
 */
final class SpeedComparison {

  private static final int ROWS = 200_000;
  private static final int ROUNDS = 5;
  private static final int ROWS_PER_TRANSACTION = 10_000;

  private SpeedComparison() {}

  /** Prints each round; the first warms up. */
  public static void main(String[] args) throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      TransactionSchema.apply(database.connection());
      for (int round = 0; round < ROUNDS; round++) {
        double generated = seconds(database, () -> generate(database));
        String lines = lines(database);
        double ready = seconds(database, () -> copy(database, lines));
        System.out.printf(
            "generated %,.0f rows/s, ready-made %,.0f rows/s: %.0f %%%n",
            ROWS / generated, ROWS / ready, 100 * ready / generated);
      }
    }
  }

  /** What is timed. */
  private interface Work {
    void run() throws SQLException;
  }

  private static double seconds(TestDatabase database, Work work) throws SQLException {
    database.execute("TRUNCATE transactions", "CHECKPOINT");
    long begin = System.nanoTime();
    work.run();
    return (System.nanoTime() - begin) / 1e9;
  }

  private static void generate(TestDatabase database) throws SQLException {
    Workload.builder()
        .seed(1)
        .count(ROWS)
        .mix(new Mix(1, 0, 0))
        .inserts(InsertStyle.COPY)
        .rowsPerTransaction(ROWS_PER_TRANSACTION)
        .build()
        .run(database.connection());
  }

  /** What the server itself makes of the rows that were generated, transaction by transaction. */
  private static String lines(TestDatabase database) {
    return String.join(
        "\n",
        database.column(
            "SELECT concat_ws(E'\\t', transaction_id, user_id, \"timestamp\", amount, currency,"
                + " city, country, merchant_name, payment_method, ip_address, voucher_code,"
                + " affiliate_id) FROM transactions"));
  }

  private static void copy(TestDatabase database, String all) throws SQLException {
    Connection connection = database.connection();
    int begin = 0;
    while (begin < all.length()) {
      int end = begin;
      for (int i = 0; i < ROWS_PER_TRANSACTION && end < all.length(); i++) {
        int next = all.indexOf('\n', end);
        end = next < 0 ? all.length() : next + 1;
      }
      copyOne(connection, all.substring(begin, end));
      begin = end;
    }
  }

  private static void copyOne(Connection connection, String lines) throws SQLException {
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY transactions (" + RowParameters.COLUMNS + ") FROM STDIN",
              new StringReader(lines));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.waltap.chaos;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * What a consumer's effects are written to, and what they have to be: a trigger notes each change
 * in the transaction that makes it. None of these tables is captured.
 */
final class BookingSchema {

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE TABLE chaos.truth (operation text NOT NULL, amount numeric NOT NULL)",
          """
          CREATE FUNCTION chaos.note_truth() RETURNS trigger LANGUAGE plpgsql AS $$
          BEGIN
            INSERT INTO chaos.truth
              VALUES (tg_op, CASE WHEN tg_op = 'DELETE' THEN 0 ELSE coalesce(NEW.amount, 0) END);
            RETURN NULL;
          END $$""",
          """
          CREATE TRIGGER note_truth AFTER INSERT OR UPDATE OR DELETE ON public.transactions
          FOR EACH ROW EXECUTE FUNCTION chaos.note_truth()""",
          "CREATE TABLE chaos.totals (n bigint NOT NULL, sum numeric NOT NULL)",
          "INSERT INTO chaos.totals VALUES (0, 0)",
          // Without a key on purpose: it would keep out what is to be found.
          "CREATE TABLE chaos.booking (commit_lsn pg_lsn NOT NULL, change_order bigint NOT NULL)");

  private BookingSchema() {}

  static void create(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (String sql : STATEMENTS) {
        statement.execute(sql);
      }
    }
  }
}

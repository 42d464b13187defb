package io.waltap.generator;

import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;

/** The workload's table, with a second book in which the server notes every committed change. */
final class AuditedDatabase implements AutoCloseable {

  private static final String AUDIT =
      """
      CREATE TABLE audit (id bigserial, operation text, changes jsonb, transaction xid8);
      CREATE FUNCTION audit() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO audit (operation, changes, transaction)
        VALUES (TG_OP, NEW.change_info - 'modified_by' - 'modified_at', pg_current_xact_id());
        RETURN NULL;
      END $$;
      CREATE TRIGGER audit AFTER INSERT OR UPDATE OR DELETE ON transactions
        FOR EACH ROW EXECUTE FUNCTION audit()""";

  private final TestDatabase database = TestDatabase.create();

  AuditedDatabase() throws SQLException {
    TransactionSchema.apply(database.connection());
    database.execute(AUDIT);
  }

  TestDatabase database() {
    return database;
  }

  Connection connection() {
    return database.connection();
  }

  /** What the server's book says. */
  Totals totals() {
    return new Totals(count("INSERT"), count("UPDATE"), count("DELETE"));
  }

  private long count(String operation) {
    return number("SELECT count(*) FROM audit WHERE operation = '" + operation + "'");
  }

  long number(String query) {
    return Long.parseLong(String.valueOf(database.value(query)));
  }

  @Override
  public void close() {
    database.close();
  }
}

package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waltap.testing.TestDatabase;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

class TransactionSchemaIT {

  @Test
  void createsTableTriggersAndPublicationOnceAndNoRole() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      TransactionSchema.apply(database.connection());
      TransactionSchema.apply(database.connection());
      assertThat(database.value("SELECT count(*) FROM transactions")).isEqualTo("0");
      assertThat(database.column("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"))
          .containsExactly("trigger_record_user_update", "trigger_record_values_update");
      assertThat(database.column("SELECT pubname FROM pg_publication")).containsExactly("waltap");
      assertThat(database.value("SELECT has_table_privilege('public', 'transactions', 'SELECT')"))
          .isEqualTo("f");
      assertThat(
              database.value("SELECT relacl IS NULL FROM pg_class WHERE relname = 'transactions'"))
          .as("nothing is granted to anyone")
          .isEqualTo("t");
    }
  }

  @Test
  void createsTheDemonstrationRoleOnlyWhenAsked() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      TransactionSchema.apply(database.connection());
      TransactionSchema.applyDemonstrationRole(database.connection());
      assertThat(database.value("SELECT has_table_privilege('cdc', 'transactions', 'SELECT')"))
          .isEqualTo("t");
      database.execute("DROP OWNED BY cdc");
    }
  }

  @Test
  void takesATableWithVarcharsAndItsOwnColumns() throws SQLException {
    try (TestDatabase database = TestDatabase.create()) {
      TransactionSchema.apply(database.connection());
      database.execute(
          "ALTER TABLE transactions ALTER city TYPE varchar(80), ADD note text",
          "ALTER TABLE transactions ALTER amount TYPE numeric(12,2)");
      TransactionSchema.apply(database.connection());
      assertThat(database.value("SELECT count(*) FROM transactions")).isEqualTo("0");
    }
  }

  @Test
  void namesEveryColumnThatIsMissingOrWrong() {
    try (TestDatabase database = TestDatabase.create()) {
      database.apply("01-transactions.sql");
      database.execute(
          "ALTER TABLE transactions DROP city, DROP voucher_code, ALTER amount TYPE integer");
      assertThatIllegalStateException()
          .isThrownBy(() -> TransactionSchema.apply(database.connection()))
          .withMessage(
              "The table public.transactions is not the one of the workload (amount is of type"
                  + " integer, city is missing, voucher_code is missing): rename it or use another"
                  + " database.");
    }
  }
}

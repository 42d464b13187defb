package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
  void severalMayCreateItAtOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (int round = 0; round < 5; round++) {
        createByFour(threads);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void createByFour(ExecutorService threads) throws Exception {
    try (TestDatabase database = TestDatabase.create()) {
      CyclicBarrier together = new CyclicBarrier(4);
      Callable<Void> create =
          () -> {
            try (Connection connection = database.connect()) {
              together.await();
              TransactionSchema.apply(connection);
              return null;
            }
          };
      for (Future<Void> each : threads.invokeAll(Collections.nCopies(4, create))) {
        each.get();
      }
      assertThat(database.value("SELECT count(*) FROM transactions")).isEqualTo("0");
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

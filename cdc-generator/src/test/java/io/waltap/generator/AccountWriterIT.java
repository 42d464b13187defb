package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.waltap.testing.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AccountWriterIT {

  private static final List<String> CURRENCIES = List.of("EUR", "JPY");
  private static final String SUMS =
      "SELECT currency || ' ' || sum(balance) FROM accounts GROUP BY currency ORDER BY 1";

  /** 500 customers and 200 merchants with 10,000 each. */
  private static final String[] OPENING = {"EUR 7000000", "JPY 7000000"};

  private final TestDatabase database = TestDatabase.create();
  private final AccountSchema schema =
      new AccountSchema(World.of(TransactionGenerator.DEFAULT_LOCALE), CURRENCIES);

  @BeforeEach
  void createTables() throws SQLException {
    TransactionSchema.apply(database.connection());
    schema.apply(database.connection());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void applyingTwiceChangesNothing() throws SQLException {
    schema.apply(database.connection());
    assertThat(sums()).containsExactly(OPENING);
    assertThat(database.value("SELECT count(*) FROM customers")).isEqualTo("1000");
    assertThat(database.column("SELECT tablename FROM pg_publication_tables ORDER BY 1"))
        .containsExactly("accounts", "customers", "merchants", "transactions");
  }

  @Test
  void balancesMoveAndTheirSumStaysUnderParallelWriters() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Totals>> writers = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        int writer = i;
        writers.add(() -> write(writer));
      }
      Totals all = Totals.NONE;
      for (Future<Totals> each : threads.invokeAll(writers)) {
        all = all.plus(each.get());
      }
      assertThat(database.value("SELECT count(*) FROM transactions"))
          .isEqualTo(String.valueOf(all.inserts() - all.deletes()));
    } finally {
      threads.shutdownNow();
    }
    assertThat(trimmed(sums())).containsExactly(OPENING);
    assertThat(
            Integer.parseInt(
                database.value("SELECT count(*) FROM accounts WHERE balance <> 10000")))
        .isGreaterThan(100);
  }

  /** Every fifth transaction is rolled back, its moves with it. */
  private Totals write(int number) throws SQLException {
    try (Connection connection = database.connect();
        AccountWriter writer = writer(connection, number)) {
      for (int i = 0; i < 60; i++) {
        for (int row = 0; row < 5; row++) {
          writer.insert();
          writer.update();
          writer.update();
          writer.delete();
          writer.changeKey();
        }
        if (i % 5 == 4) {
          writer.rollback();
        } else {
          writer.commit();
        }
      }
      return writer.totals();
    }
  }

  @Test
  void balancesAreThoseOfTheTransactionsThatStand() throws SQLException {
    try (AccountWriter writer = writer(database.connection(), 0)) {
      for (int i = 0; i < 400; i++) {
        writer.insert();
        writer.update();
        writer.update();
        writer.commit();
      }
    }
    assertThat(
            database.column(
                """
                SELECT a.account_id FROM accounts a
                LEFT JOIN transactions t ON t.account_id = a.account_id
                  AND t.status IN ('captured', 'settled', 'disputed')
                WHERE a.customer_id IS NOT NULL
                GROUP BY a.account_id, a.balance
                HAVING a.balance <> 10000 - coalesce(sum(t.amount), 0)"""))
        .isEmpty();
    assertThat(database.column("SELECT DISTINCT status FROM transactions"))
        .contains("created", "authorised", "captured", "settled", "refunded");
  }

  @Test
  void sameSeedLeavesTheSameRowsAndBalances() throws SQLException {
    assertThat(digest(7)).isEqualTo(digest(7));
  }

  private String digest(long seed) throws SQLException {
    try (TestDatabase other = TestDatabase.create()) {
      TransactionSchema.apply(other.connection());
      schema.apply(other.connection());
      Workload.builder()
          .seed(seed)
          .count(400)
          .currencies(CURRENCIES)
          .accounts()
          .build()
          .run(other.connection());
      return other.value(
          """
          SELECT md5((SELECT string_agg(concat_ws('|', transaction_id, user_id, amount, status,
                   account_id, merchant_id), ',' ORDER BY transaction_id) FROM transactions)
            || (SELECT string_agg(concat_ws('|', account_id, card_number, balance), ','
                  ORDER BY account_id) FROM accounts))""");
    }
  }

  @Test
  void accountsOfOtherCurrenciesAreLeftAlone() {
    AccountSchema other =
        new AccountSchema(World.of(TransactionGenerator.DEFAULT_LOCALE), List.of("USD"));
    assertThatIllegalStateException()
        .isThrownBy(() -> other.apply(database.connection()))
        .withMessage(
            "The table public.accounts has accounts of other currencies than USD: give those as"
                + " --currency, or drop it.");
    assertThat(sums()).containsExactly(OPENING);
  }

  @Test
  void customersOfAnotherLocaleAreLeftAlone() {
    AccountSchema other = new AccountSchema(World.of(Locale.GERMANY), CURRENCIES);
    assertThatIllegalStateException()
        .isThrownBy(() -> other.apply(database.connection()))
        .withMessage(
            "The tables public.customers and public.merchants are of another locale: give that as"
                + " --locale, or drop them.");
  }

  @Test
  void aColumnOfPaymentsOfAnotherTypeIsNamed() {
    database.execute("ALTER TABLE transactions ALTER account_id TYPE text");
    assertThatIllegalStateException()
        .isThrownBy(() -> schema.apply(database.connection()))
        .withMessageContaining("(account_id is of type text)");
  }

  @Test
  void whatIsThereNeedsNoOwner() throws SQLException {
    database.execute(
        "CREATE ROLE " + database.name(),
        "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA public TO " + database.name(),
        "SET ROLE " + database.name());
    try {
      schema.apply(database.connection());
    } finally {
      database.execute(
          "RESET ROLE", "DROP OWNED BY " + database.name(), "DROP ROLE " + database.name());
    }
    assertThat(sums()).containsExactly(OPENING);
  }

  @Test
  void anAccountsTableOfAnotherShapeIsNamed() {
    database.execute("ALTER TABLE accounts DROP balance");
    assertThatIllegalStateException()
        .isThrownBy(() -> schema.apply(database.connection()))
        .withMessage(
            "The table public.accounts is not the one of the workload (balance is missing):"
                + " rename it or use another database.");
  }

  private AccountWriter writer(Connection connection, int number) throws SQLException {
    return new AccountWriter(
        connection,
        TransactionGenerator.seeded(
            3,
            number,
            TransactionGenerator.DEFAULT_START,
            CURRENCIES,
            TransactionGenerator.DEFAULT_LOCALE),
        schema);
  }

  private List<String> sums() {
    return database.column(SUMS).stream().map(String::valueOf).toList();
  }

  private static List<String> trimmed(List<String> sums) {
    return sums.stream().map(sum -> sum.replaceFirst("\\.0+$", "")).toList();
  }
}

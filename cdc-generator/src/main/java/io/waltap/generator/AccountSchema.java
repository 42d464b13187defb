package io.waltap.generator;

import static io.waltap.generator.TableShape.TEXT;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The tables beside {@code public.transactions}: customers, merchants and their accounts. */
final class AccountSchema {

  private static final BigDecimal OPENING_BALANCE = BigDecimal.valueOf(10_000);
  private static final Set<String> ID = Set.of("bigint");

  /** What payments have beside the columns of every transaction. */
  private static final TableShape PAYMENTS =
      new TableShape(
          "public.transactions",
          new TreeMap<>(Map.of("status", TEXT, "account_id", ID, "merchant_id", ID)));

  private static final List<TableShape> SHAPES =
      List.of(
          new TableShape(
              "public.customers",
              new TreeMap<>(
                  Map.of(
                      "customer_id",
                      ID,
                      "user_id",
                      TEXT,
                      "name",
                      TEXT,
                      "city",
                      TEXT,
                      "country",
                      TEXT))),
          new TableShape(
              "public.merchants", new TreeMap<>(Map.of("merchant_id", ID, "name", TEXT))),
          new TableShape(
              "public.accounts",
              new TreeMap<>(
                  Map.of(
                      "account_id",
                      ID,
                      "customer_id",
                      ID,
                      "merchant_id",
                      ID,
                      "card_number",
                      TEXT,
                      "currency",
                      TEXT,
                      "balance",
                      Set.of("numeric")))));

  private static final String CUSTOMER =
      "INSERT INTO public.customers (customer_id, user_id, name, city, country)"
          + " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING";
  private static final String MERCHANT =
      "INSERT INTO public.merchants (merchant_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING";
  private static final String ACCOUNT =
      """
      INSERT INTO public.accounts (account_id, customer_id, merchant_id, card_number, currency,
        balance)
      VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING""";

  private final World world;
  private final List<String> currencies;

  AccountSchema(World world, List<String> currencies) {
    this.world = world;
    this.currencies = currencies;
  }

  /**
   * Creates and fills what is missing, all or nothing.
   *
   * @throws IllegalStateException if a table is there with other columns, with the customers of
   *     another locale, or with the accounts of other currencies
   */
  void apply(Connection connection) throws SQLException {
    boolean complete = PAYMENTS.hasColumns(connection);
    for (TableShape shape : SHAPES) {
      complete &= shape.isThere(connection);
    }
    boolean autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
    try {
      if (!complete) { // else no right to alter them is needed
        Scripts.run(connection, "accounts.sql");
      }
      PAYMENTS.isThere(connection);
      fill(connection);
      checkNames(connection);
      checkCurrencies(connection);
      connection.commit();
    } finally {
      connection.rollback();
      connection.setAutoCommit(autoCommit);
    }
  }

  private void fill(Connection connection) throws SQLException {
    try (PreparedStatement customer = connection.prepareStatement(CUSTOMER);
        PreparedStatement merchant = connection.prepareStatement(MERCHANT);
        PreparedStatement account = connection.prepareStatement(ACCOUNT)) {
      for (int i = 0; i < World.CUSTOMERS; i++) {
        String city = world.cities().get(i % world.cities().size());
        String country = world.countries().get(i % world.countries().size());
        batch(customer, i + 1L, world.user(i), world.name(i), city, country);
        batch(account, accountOf(i), i + 1L, null, card(i), currency(i), OPENING_BALANCE);
      }
      for (int i = 0; i < World.MERCHANTS; i++) {
        batch(merchant, i + 1L, world.merchant(i));
        for (int c = 0; c < currencies.size(); c++) {
          long id = merchantAccount(i, c);
          batch(account, id, null, i + 1L, null, currencies.get(c), OPENING_BALANCE);
        }
      }
      customer.executeBatch();
      merchant.executeBatch();
      account.executeBatch();
    }
  }

  private static void batch(PreparedStatement statement, @Nullable Object... values)
      throws SQLException {
    for (int i = 0; i < values.length; i++) {
      statement.setObject(i + 1, values[i]);
    }
    statement.addBatch();
  }

  /** The rows of transactions name their customers and merchants as the world does. */
  private void checkNames(Connection connection) throws SQLException {
    check(connection, "customer_id, user_id FROM public.customers", World.CUSTOMERS, world::user);
    check(connection, "merchant_id, name FROM public.merchants", World.MERCHANTS, world::merchant);
  }

  private static void check(
      Connection connection, String columns, int count, IntFunction<String> expected)
      throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery("SELECT " + columns)) {
      while (rows.next()) {
        long id = rows.getLong(1);
        if (id >= 1 && id <= count && !expected.apply((int) id - 1).equals(rows.getString(2))) {
          throw new IllegalStateException(
              "The tables public.customers and public.merchants are of another locale: give that"
                  + " as --locale, or drop them.");
        }
      }
    }
  }

  private void checkCurrencies(Connection connection) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement("SELECT account_id, currency FROM public.accounts")) {
      ResultSet rows = statement.executeQuery();
      while (rows.next()) {
        check(rows.getLong(1), rows.getString(2));
      }
    }
  }

  private void check(long account, String found) {
    String expected = account <= World.CUSTOMERS ? currency((int) account - 1) : "";
    int others = currencies.size();
    if (account > World.CUSTOMERS && account <= World.CUSTOMERS + (long) World.MERCHANTS * others) {
      expected = currencies.get((int) ((account - World.CUSTOMERS - 1) % others));
    }
    if (!found.equals(expected)) {
      throw new IllegalStateException(
          "The table public.accounts has accounts of other currencies than %s: give those as"
                  .formatted(String.join(",", currencies))
              + " --currency, or drop it.");
    }
  }

  private String currency(int customer) {
    return currencies.get(customer % currencies.size());
  }

  /** Of a range that no real card is in. */
  private static String card(int customer) {
    return String.format(Locale.ROOT, "9999 0000 0000 %04d", customer);
  }

  static long accountOf(int customer) {
    return customer + 1L;
  }

  /** A merchant has an account for each currency. */
  private long merchantAccount(int merchant, int currency) {
    return World.CUSTOMERS + (long) merchant * currencies.size() + currency + 1;
  }

  /** Where the money of a payment goes. */
  long merchantAccount(Payment payment) {
    return merchantAccount(payment.merchant(), payment.customer() % currencies.size());
  }
}

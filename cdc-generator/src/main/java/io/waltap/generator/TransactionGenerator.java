package io.waltap.generator;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Makes transactions up. Two generators with the same seed, start, currencies and locale make the
 * same rows in the same order, on any machine. A few customers and merchants are hot; a customer
 * always pays in the same currency. Not thread-safe.
 */
public final class TransactionGenerator {

  /** Where the time of seeded rows starts when nothing else is said: 2026-01-01, midnight. */
  public static final LocalDateTime DEFAULT_START = LocalDateTime.of(2026, 1, 1, 0, 0);

  /** The currencies when nothing else is said. */
  public static final List<String> DEFAULT_CURRENCIES = List.of("USD", "GBP");

  /** Where customers and merchants live when nothing else is said. */
  public static final Locale DEFAULT_LOCALE = Locale.US;

  private static final List<String> PAYMENT_METHODS =
      List.of("credit_card", "debit_card", "online_transfer");
  private static final List<String> VOUCHERS = List.of("", "DISCOUNT10");
  private static final int LEAST = 10;
  private static final int MOST = 1_000;
  private static final long WRITER_STEP = 0x9E3779B97F4A7C15L;

  private final Random random;
  private final Random decisions;
  private final long salt;
  private final World world;
  private final List<Currency> currencies;
  private final Supplier<LocalDateTime> time;

  private TransactionGenerator(
      Random random, List<String> currencies, Locale locale, Supplier<LocalDateTime> time) {
    this.random = random;
    this.salt = random.nextLong();
    this.decisions = new Random(scattered(salt));
    this.currencies = checked(currencies);
    this.world = World.of(locale);
    this.time = time;
  }

  /** Rows that differ from run to run and carry the present time. */
  public static TransactionGenerator unseeded(List<String> currencies) {
    return unseeded(currencies, DEFAULT_LOCALE);
  }

  static TransactionGenerator unseeded(List<String> currencies, Locale locale) {
    return new TransactionGenerator(
        new Random(),
        currencies,
        locale,
        () -> LocalDateTime.now(ZoneOffset.UTC).truncatedTo(ChronoUnit.MILLIS));
  }

  /** Repeatable rows in {@link #DEFAULT_CURRENCIES} from {@link #DEFAULT_START} on. */
  public static TransactionGenerator seeded(long seed) {
    return seeded(seed, DEFAULT_START, DEFAULT_CURRENCIES);
  }

  /**
   * Repeatable rows.
   *
   * @param start the time of the first row; every row is later than the one before, by at most one
   *     second, and by less when the day is busy
   * @param currencies ISO 4217 codes to choose from
   * @throws IllegalArgumentException if there is no currency or an unknown one
   */
  public static TransactionGenerator seeded(
      long seed, LocalDateTime start, List<String> currencies) {
    return seeded(seed, 0, start, currencies, DEFAULT_LOCALE);
  }

  /** Rows of one of several writers, which share nothing but the seed: none waits for another. */
  static TransactionGenerator seeded(
      long seed, int writer, LocalDateTime start, List<String> currencies, Locale locale) {
    Random random = new Random(scattered(seed + writer * WRITER_STEP));
    return new TransactionGenerator(random, currencies, locale, new Rhythm(start, random)::next);
  }

  /** Neighbouring seeds would start with similar numbers; David Stafford's thirteenth mixer. */
  private static long scattered(long seed) {
    long z = (seed ^ (seed >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  private static List<Currency> checked(List<String> currencies) {
    if (currencies.isEmpty()) {
      throw new IllegalArgumentException("There is no currency to choose from: name at least one.");
    }
    return currencies.stream().map(TransactionGenerator::currency).toList();
  }

  private static Currency currency(String code) {
    return Currency.getAvailableCurrencies().stream()
        .filter(known -> known.getCurrencyCode().equals(code))
        .findAny()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Unknown currency '"
                        + code
                        + "': use ISO 4217 codes such as USD, GBP or EUR."));
  }

  /** A new transaction. */
  public GeneratedTransaction next() {
    return nextPayment().row();
  }

  /** A new transaction, with who pays whom. */
  Payment nextPayment() {
    int customer = World.CUSTOMER.draw(random);
    int merchant = World.MERCHANT.draw(random);
    return new Payment(row(customer, merchant), customer, merchant, PaymentStatus.CREATED);
  }

  private GeneratedTransaction row(int customer, int merchant) {
    Currency currency = currencies.get(customer % currencies.size());
    return new GeneratedTransaction(
        key(random),
        world.user(customer),
        time.get(),
        amount(currency, random.nextInt(steps(currency))),
        currency.getCurrencyCode(),
        oneOf(world.cities(), random),
        oneOf(world.countries(), random),
        world.merchant(merchant),
        oneOf(PAYMENT_METHODS, random),
        publicAddress(),
        oneOf(VOUCHERS, random),
        oneOf(world.affiliates(), random));
  }

  /** The same transaction with one value changed for certain: mostly the amount. */
  public GeneratedTransaction change(GeneratedTransaction row) {
    return switch (decisions.nextInt(10)) {
      case 0 -> row.withVoucherCode(VOUCHERS.get(1 - VOUCHERS.indexOf(row.voucherCode())));
      case 1 -> row.withCity(anotherCity(row.city()));
      default -> amend(row);
    };
  }

  /** The same transaction with another amount. */
  GeneratedTransaction amend(GeneratedTransaction row) {
    return row.withAmount(anotherAmount(row.amount(), Currency.getInstance(row.currency())));
  }

  /** The same transaction under a new key. */
  GeneratedTransaction rekey(GeneratedTransaction row) {
    return row.withTransactionId(key(decisions));
  }

  private String anotherCity(String city) {
    String other = oneOf(world.cities(), decisions);
    return other.equals(city) ? anotherCity(city) : other;
  }

  /**
   * Goes at least one step and less than once round the range, so it never comes back to itself.
   */
  private BigDecimal anotherAmount(BigDecimal amount, Currency currency) {
    int range = steps(currency);
    int here = amount.subtract(BigDecimal.valueOf(LEAST)).unscaledValue().intValueExact();
    return amount(currency, (here + 1 + decisions.nextInt(range - 1)) % range);
  }

  /** In the currency's smallest unit: cents, whole yen, thousandths of a dinar. */
  private static BigDecimal amount(Currency currency, int stepsAboveLeast) {
    int digits = digits(currency);
    return BigDecimal.valueOf(stepsAboveLeast, digits).add(BigDecimal.valueOf(LEAST));
  }

  private static int steps(Currency currency) {
    return (MOST - LEAST) * unit(digits(currency)) + 1;
  }

  private static int unit(int digits) {
    return BigDecimal.ONE.movePointRight(digits).intValueExact();
  }

  /** Gold and the like have no such thing. */
  private static int digits(Currency currency) {
    return Math.max(0, currency.getDefaultFractionDigits());
  }

  /** The salt keeps writers apart, should their chances ever run in step. */
  private String key(Random random) {
    return uuid(random.nextLong() ^ salt, random.nextLong());
  }

  /** A UUID of version 4. */
  static String uuid(long high, long low) {
    return new UUID((high & ~0xF000L) | 0x4000L, (low & ~(3L << 62)) | (1L << 63)).toString();
  }

  /** Of 11.x.x.x to 99.x.x.x, where nothing is private or reserved. */
  private String publicAddress() {
    return (11 + random.nextInt(89))
        + "."
        + random.nextInt(256)
        + "."
        + random.nextInt(256)
        + "."
        + (1 + random.nextInt(254));
  }

  private static String oneOf(List<String> values, Random random) {
    return values.get(random.nextInt(values.size()));
  }

  /**
   * The source of all chance in a writer but that of new rows, so that one seed repeats all of it,
   * and new rows are the same whatever else is done.
   */
  Random decisions() {
    return decisions;
  }
}

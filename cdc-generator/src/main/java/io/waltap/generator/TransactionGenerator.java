package io.waltap.generator;

import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Currency;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.datafaker.Faker;

/**
 * Makes transactions up. Two generators with the same seed, start and currencies make the same rows
 * in the same order. Not thread-safe.
 */
public final class TransactionGenerator {

  /** Where the time of seeded rows starts when nothing else is said: 2026-01-01, midnight. */
  public static final LocalDateTime DEFAULT_START = LocalDateTime.of(2026, 1, 1, 0, 0);

  /** The currencies when nothing else is said. */
  public static final List<String> DEFAULT_CURRENCIES = List.of("USD", "GBP");

  private static final List<String> PAYMENT_METHODS =
      List.of("credit_card", "debit_card", "online_transfer");
  private static final List<String> VOUCHERS = List.of("", "DISCOUNT10");
  private static final int LEAST_CENTS = 10_00;
  private static final int MOST_CENTS = 1_000_00;
  private static final int LONGEST_GAP_MILLIS = 1_000;

  private final Random random;
  private final Faker faker;
  private final List<String> currencies;
  private final Supplier<LocalDateTime> time;

  private TransactionGenerator(
      Random random, List<String> currencies, Supplier<LocalDateTime> time) {
    this.random = random;
    this.faker = new Faker(Locale.US, random);
    this.currencies = checked(currencies);
    this.time = time;
  }

  /** Rows that differ from run to run and carry the present time. */
  public static TransactionGenerator unseeded(List<String> currencies) {
    return new TransactionGenerator(
        new Random(),
        currencies,
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
   *     second
   * @param currencies ISO 4217 codes to choose from
   * @throws IllegalArgumentException if there is no currency or an unknown one
   */
  public static TransactionGenerator seeded(
      long seed, LocalDateTime start, List<String> currencies) {
    Random random = new Random(seed);
    return new TransactionGenerator(random, currencies, ticking(start, random));
  }

  private static Supplier<LocalDateTime> ticking(LocalDateTime start, Random random) {
    return Stream.iterate(
                start.truncatedTo(ChronoUnit.MILLIS),
                time -> time.plus(1 + random.nextInt(LONGEST_GAP_MILLIS), ChronoUnit.MILLIS))
            .iterator()
        ::next;
  }

  private static List<String> checked(List<String> currencies) {
    if (currencies.isEmpty()) {
      throw new IllegalArgumentException("There is no currency to choose from: name at least one.");
    }
    for (String currency : currencies) {
      if (Currency.getAvailableCurrencies().stream()
          .noneMatch(known -> known.getCurrencyCode().equals(currency))) {
        throw new IllegalArgumentException(
            "Unknown currency '" + currency + "': use ISO 4217 codes such as USD, GBP or EUR.");
      }
    }
    return List.copyOf(currencies);
  }

  /** A new transaction. */
  public GeneratedTransaction next() {
    return new GeneratedTransaction(
        faker.internet().uuid(),
        faker.credentials().username(),
        time.get(),
        amount(random.nextInt(MOST_CENTS - LEAST_CENTS + 1)),
        oneOf(currencies),
        faker.address().city(),
        faker.address().country(),
        faker.company().name(),
        oneOf(PAYMENT_METHODS),
        publicAddress(),
        oneOf(VOUCHERS),
        faker.internet().uuid());
  }

  /** The same transaction with one value changed for certain: mostly the amount. */
  public GeneratedTransaction change(GeneratedTransaction row) {
    return switch (random.nextInt(10)) {
      case 0 -> row.withVoucherCode(VOUCHERS.get(1 - VOUCHERS.indexOf(row.voucherCode())));
      case 1 -> row.withCity(anotherCity(row.city()));
      default -> row.withAmount(anotherAmount(row.amount()));
    };
  }

  private String anotherCity(String city) {
    String other = faker.address().city();
    return other.equals(city) ? anotherCity(city) : other;
  }

  /**
   * Goes at least one step and less than once round the range, so it never comes back to itself.
   */
  private BigDecimal anotherAmount(BigDecimal amount) {
    int range = MOST_CENTS - LEAST_CENTS + 1;
    int here = amount.movePointRight(2).intValueExact() - LEAST_CENTS;
    return amount((here + 1 + random.nextInt(range - 1)) % range);
  }

  private static BigDecimal amount(int centsAboveLeast) {
    return BigDecimal.valueOf(LEAST_CENTS + (long) centsAboveLeast, 2);
  }

  /** Of 11.x.x.x to 99.x.x.x, where nothing is private or reserved; Datafaker's are, at times. */
  private String publicAddress() {
    return "%d.%d.%d.%d"
        .formatted(
            11 + random.nextInt(89),
            random.nextInt(256),
            random.nextInt(256),
            1 + random.nextInt(254));
  }

  private String oneOf(List<String> values) {
    return values.get(random.nextInt(values.size()));
  }

  /** The only source of chance of a whole workload, so that one seed repeats all of it. */
  Random random() {
    return random;
  }
}

package io.waltap.generator;

import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.datafaker.Faker;

/**
 * The customers, merchants and places of one locale, the same in every run and on every machine.
 * They are made up once, because making a name up takes longer than the server takes for a row.
 */
final class World {

  static final int CUSTOMERS = 1_000;
  static final int MERCHANTS = 200;

  private static final int PLACES = 300;
  private static final int COUNTRIES = 60;
  private static final int AFFILIATES = 50;
  private static final long SEED = 20_260_101;
  private static final ConcurrentMap<Locale, World> MADE = new ConcurrentHashMap<>();

  /** Which customer and which merchant is next: a few are hot. */
  static final Zipf CUSTOMER = new Zipf(CUSTOMERS);

  static final Zipf MERCHANT = new Zipf(MERCHANTS);

  private final List<String> users;
  private final List<String> names;
  private final List<String> merchants;
  private final List<String> cities;
  private final List<String> countries;
  private final List<String> affiliates;

  /** Made anew, which takes a while. */
  World(Locale locale) {
    Random random = new Random(SEED);
    Faker faker = faker(locale, random);
    this.users = made(CUSTOMERS, i -> faker.credentials().username() + "." + i);
    this.names = made(CUSTOMERS, i -> faker.name().fullName());
    this.merchants = made(MERCHANTS, i -> faker.company().name());
    this.cities = distinct(PLACES, () -> faker.address().city());
    this.countries = distinct(COUNTRIES, () -> faker.address().country());
    this.affiliates =
        made(AFFILIATES, i -> TransactionGenerator.uuid(random.nextLong(), random.nextLong()));
  }

  /**
   * The world of a locale.
   *
   * @throws IllegalArgumentException if nothing is known about that locale
   */
  static World of(Locale locale) {
    return MADE.computeIfAbsent(locale, World::new);
  }

  /** The library would quietly speak English instead. */
  private static Faker faker(Locale locale, Random random) {
    if (!isKnown(locale.toLanguageTag()) && !isKnown(locale.getLanguage())) {
      throw new IllegalArgumentException(
          "Nothing is known about the locale '%s': use one such as en-US, de-DE or fr-FR."
              .formatted(locale.toLanguageTag()));
    }
    return new Faker(locale, random);
  }

  private static boolean isKnown(String name) {
    return Faker.class.getResource("/" + name + ".yml") != null;
  }

  private static List<String> made(int count, IntFunction<String> make) {
    return IntStream.range(0, count).mapToObj(make).toList();
  }

  /** At least two, so that there always is another one; fewer than asked for if there are few. */
  private static List<String> distinct(int count, Supplier<String> make) {
    return Stream.generate(make).limit(10L * count).distinct().limit(count).toList();
  }

  String user(int customer) {
    return users.get(customer);
  }

  String name(int customer) {
    return names.get(customer);
  }

  String merchant(int merchant) {
    return merchants.get(merchant);
  }

  List<String> cities() {
    return cities;
  }

  List<String> countries() {
    return countries;
  }

  List<String> affiliates() {
    return affiliates;
  }
}

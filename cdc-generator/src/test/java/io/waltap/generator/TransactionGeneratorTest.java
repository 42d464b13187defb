package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TimeZone;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TransactionGeneratorTest {

  private static final LocalDateTime START = LocalDateTime.of(2020, 2, 29, 23, 59, 59);

  @Test
  void sameSeedMakesTheSameRowsAndChanges() {
    assertThat(rowsAndChanges(TransactionGenerator.seeded(42)))
        .isEqualTo(rowsAndChanges(TransactionGenerator.seeded(42)));
  }

  @Test
  void anotherSeedMakesOtherRows() {
    assertThat(TransactionGenerator.seeded(42).next())
        .isNotEqualTo(TransactionGenerator.seeded(43).next());
  }

  @Test
  void newRowsAreTheSameWhateverElseIsDone() {
    TransactionGenerator busy = TransactionGenerator.seeded(42);
    TransactionGenerator idle = TransactionGenerator.seeded(42);
    for (int i = 0; i < 200; i++) {
      GeneratedTransaction row = busy.next();
      assertThat(row).isEqualTo(idle.next());
      busy.rekey(busy.change(row));
    }
  }

  private static List<GeneratedTransaction> rowsAndChanges(TransactionGenerator generator) {
    List<GeneratedTransaction> made = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      GeneratedTransaction row = generator.next();
      made.add(row);
      made.add(generator.change(row));
    }
    return made;
  }

  @Test
  void everyValueIsOneOfTheWorkload() throws Exception {
    for (GeneratedTransaction row : rows(1_000)) {
      assertThat(UUID.fromString(row.transactionId())).hasToString(row.transactionId());
      assertThat(UUID.fromString(row.affiliateId())).hasToString(row.affiliateId());
      assertThat(row.amount()).isBetween(new BigDecimal("10.00"), new BigDecimal("1000.00"));
      assertThat(row.amount().scale()).isEqualTo(2);
      assertThat(row.currency()).isIn("USD", "GBP");
      assertThat(row.paymentMethod()).isIn("credit_card", "debit_card", "online_transfer");
      assertThat(row.voucherCode()).isIn("", "DISCOUNT10");
      assertThat(List.of(row.userId(), row.city(), row.country(), row.merchantName()))
          .noneMatch(String::isBlank);
      assertThat(row.ipAddress()).matches("\\d+(\\.\\d+){3}");
      assertThat(InetAddress.getByName(row.ipAddress()))
          .matches(a -> !a.isSiteLocalAddress() && !a.isLoopbackAddress(), "is public");
    }
  }

  @Test
  void keysAreDistinct() {
    assertThat(rows(1_000)).extracting(GeneratedTransaction::transactionId).doesNotHaveDuplicates();
  }

  @Test
  void seededTimeStartsWhereToldAndOnlyGrowsInShortSteps() {
    List<GeneratedTransaction> rows = rows(1_000);
    assertThat(rows.get(0).timestamp()).isEqualTo(START);
    for (int i = 1; i < rows.size(); i++) {
      assertThat(Duration.between(rows.get(i - 1).timestamp(), rows.get(i).timestamp()))
          .isBetween(Duration.ofMillis(1), Duration.ofSeconds(1));
    }
  }

  @Test
  void unseededTimeIsNow() {
    LocalDateTime before = LocalDateTime.now(ZoneOffset.UTC).minusSeconds(1);
    assertThat(TransactionGenerator.unseeded(List.of("EUR")).next().timestamp())
        .isBetween(before, LocalDateTime.now(ZoneOffset.UTC));
  }

  @Test
  void changeAlwaysChangesOneValueAndKeepsItsBounds() {
    TransactionGenerator generator = TransactionGenerator.seeded(5);
    GeneratedTransaction row = generator.next();
    int amounts = 0;
    for (int i = 0; i < 2_000; i++) {
      GeneratedTransaction changed = generator.change(row);
      assertThat(differences(row, changed)).isEqualTo(1);
      assertThat(changed.amount()).isBetween(new BigDecimal("10.00"), new BigDecimal("1000.00"));
      assertThat(changed.amount().scale()).isEqualTo(2);
      amounts += changed.amount().compareTo(row.amount()) == 0 ? 0 : 1;
      row = changed;
    }
    assertThat(amounts).as("the amount changes mostly").isBetween(1_500, 1_700);
  }

  private static long differences(GeneratedTransaction a, GeneratedTransaction b) {
    assertThat(b.withAmount(a.amount()).withCity(a.city()).withVoucherCode(a.voucherCode()))
        .isEqualTo(a);
    return Stream.of(
            a.amount().compareTo(b.amount()) == 0,
            a.city().equals(b.city()),
            a.voucherCode().equals(b.voucherCode()))
        .filter(same -> !same)
        .count();
  }

  @Test
  void aFewCustomersAndMerchantsAreHot() {
    List<GeneratedTransaction> rows = rows(100_000);
    assertThat(shares(rows, GeneratedTransaction::userId))
        .satisfies(shares -> assertThat(shares.get(0)).isBetween(0.130, 0.137))
        .satisfies(shares -> assertThat(shares.get(1)).isBetween(0.064, 0.070))
        .satisfies(shares -> assertThat(shares.get(9)).isBetween(0.012, 0.015))
        .hasSizeBetween(990, 1_000);
    assertThat(shares(rows, GeneratedTransaction::merchantName).get(0)).isBetween(0.167, 0.174);
  }

  /** The share of each value, the hottest first. */
  private static List<Double> shares(
      List<GeneratedTransaction> rows, Function<GeneratedTransaction, String> value) {
    return rows.stream()
        .collect(Collectors.groupingBy(value, Collectors.counting()))
        .values()
        .stream()
        .map(count -> (double) count / rows.size())
        .sorted(Comparator.reverseOrder())
        .toList();
  }

  @Test
  void eveningsAreBusierThanNights() {
    TransactionGenerator generator = TransactionGenerator.seeded(42);
    Map<Integer, Long> byHour =
        Stream.generate(generator::next)
            .takeWhile(row -> row.timestamp().toLocalDate().getDayOfMonth() == 1)
            .collect(Collectors.groupingBy(r -> r.timestamp().getHour(), Collectors.counting()));
    assertThat((double) byHour.getOrDefault(18, 0L) / byHour.getOrDefault(3, 0L))
        .isBetween(9.5, 10.5);
  }

  @Test
  void amountsHaveTheDecimalsOfTheirCurrency() {
    Map<String, Integer> decimals = Map.of("EUR", 2, "JPY", 0, "KWD", 3);
    TransactionGenerator generator =
        TransactionGenerator.seeded(1, START, List.of("EUR", "JPY", "KWD"));
    for (int i = 0; i < 1_000; i++) {
      GeneratedTransaction row = generator.next();
      assertThat(row.amount().scale()).isEqualTo(decimals.get(row.currency()));
      assertThat(row.amount()).isBetween(BigDecimal.TEN, new BigDecimal(1_000));
      assertThat(generator.change(row)).isNotEqualTo(row);
    }
  }

  @Test
  void localeIsWhereTheMerchantsAre() {
    List<String> german = merchants(Locale.GERMANY);
    assertThat(german).anyMatch(name -> name.endsWith("GmbH"));
    assertThat(merchants(Locale.US)).noneMatch(name -> name.endsWith("GmbH"));
  }

  private static List<String> merchants(Locale locale) {
    TransactionGenerator generator =
        TransactionGenerator.seeded(1, 0, START, List.of("EUR"), locale);
    return Stream.generate(generator::next)
        .limit(500)
        .map(GeneratedTransaction::merchantName)
        .toList();
  }

  @Test
  void refusesAnUnknownLocale() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> TransactionGenerator.unseeded(List.of("EUR"), Locale.forLanguageTag("xx-YY")))
        .withMessage(
            "Nothing is known about the locale 'xx-YY': use one such as en-US, de-DE or fr-FR.");
  }

  /** Byte by byte, wherever it runs: a change here breaks what others rely on to repeat. */
  @Test
  void seedMakesTheSameBytesOnEveryMachine() throws Exception {
    TimeZone zone = TimeZone.getDefault();
    Locale locale = Locale.getDefault();
    try {
      TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kathmandu"));
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(digest(42, 0)).isEqualTo("5aba9af17b768e93");
      assertThat(digest(42, 1)).isEqualTo("2fe7a3be6136c0f9");
    } finally {
      TimeZone.setDefault(zone);
      Locale.setDefault(locale);
    }
  }

  @Test
  void aWorldIsTheSameOnEveryMachine() {
    World here = new World(Locale.GERMANY);
    Locale locale = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(named(new World(Locale.GERMANY))).isEqualTo(named(here));
    } finally {
      Locale.setDefault(locale);
    }
  }

  private static List<Object> named(World world) {
    List<Object> all = new ArrayList<>(List.of(world.cities(), world.countries()));
    all.add(world.affiliates());
    for (int i = 0; i < World.CUSTOMERS; i++) {
      all.add(world.user(i) + " " + world.name(i));
    }
    for (int i = 0; i < World.MERCHANTS; i++) {
      all.add(world.merchant(i));
    }
    return all;
  }

  private static String digest(long seed, int writer) throws Exception {
    TransactionGenerator generator =
        TransactionGenerator.seeded(
            seed, writer, START, List.of("EUR", "JPY"), TransactionGenerator.DEFAULT_LOCALE);
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (int i = 0; i < 10_000; i++) {
      GeneratedTransaction row = generator.next();
      digest.update((row + "|" + generator.change(row)).getBytes(StandardCharsets.UTF_8));
    }
    return HexFormat.of().formatHex(digest.digest(), 0, 8);
  }

  @Test
  void usesTheCurrenciesThatAreGiven() {
    TransactionGenerator generator =
        TransactionGenerator.seeded(1, START, List.of("EUR", "JPY", "CHF"));
    assertThat(Stream.generate(generator::next).limit(200).map(GeneratedTransaction::currency))
        .containsOnly("EUR", "JPY", "CHF");
  }

  @Test
  void refusesUnknownOrNoCurrencies() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionGenerator.unseeded(List.of("USD", "DOLLAR")))
        .withMessage("Unknown currency 'DOLLAR': use ISO 4217 codes such as USD, GBP or EUR.");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TransactionGenerator.unseeded(List.of()))
        .withMessageContaining("name at least one");
  }

  private static List<GeneratedTransaction> rows(int count) {
    TransactionGenerator generator =
        TransactionGenerator.seeded(42, START, TransactionGenerator.DEFAULT_CURRENCIES);
    return Stream.generate(generator::next).limit(count).toList();
  }
}

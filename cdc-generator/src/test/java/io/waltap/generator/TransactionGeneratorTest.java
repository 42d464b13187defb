package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
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

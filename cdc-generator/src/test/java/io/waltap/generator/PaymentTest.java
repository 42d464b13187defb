package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PaymentTest {

  private final TransactionGenerator generator = TransactionGenerator.seeded(8);

  @Test
  void everyLifeEndsAndEveryStatusOccurs() {
    Set<PaymentStatus> seen = EnumSet.noneOf(PaymentStatus.class);
    for (int i = 0; i < 5_000; i++) {
      Payment payment = generator.nextPayment();
      seen.add(payment.status());
      while (!payment.status().isFinal()) {
        payment = payment.advance(generator);
        seen.add(payment.status());
      }
    }
    assertThat(seen).containsExactlyInAnyOrder(PaymentStatus.values());
  }

  @Test
  void merchantGainsWhatWasCapturedUnlessItIsRefunded() {
    for (int i = 0; i < 5_000; i++) {
      Payment payment = generator.nextPayment();
      BigDecimal gained = BigDecimal.ZERO;
      while (!payment.status().isFinal()) {
        Payment next = payment.advance(generator);
        gained = gained.add(payment.movedBy(next.status()));
        payment = next;
      }
      BigDecimal due =
          payment.status() == PaymentStatus.SETTLED ? payment.row().amount() : BigDecimal.ZERO;
      assertThat(gained).isEqualByComparingTo(due);
    }
  }

  @Test
  void oneInTenIsDeclinedCancelledOrAmendedAtFirst() {
    Map<PaymentStatus, Integer> first = new EnumMap<>(PaymentStatus.class);
    for (int i = 0; i < 10_000; i++) {
      first.merge(generator.nextPayment().advance(generator).status(), 1, Integer::sum);
    }
    assertThat(first.get(PaymentStatus.AUTHORISED)).isBetween(6_850, 7_150);
    assertThat(first.get(PaymentStatus.DECLINED)).isBetween(900, 1_100);
    assertThat(first.get(PaymentStatus.CANCELLED)).isBetween(900, 1_100);
    assertThat(first.get(PaymentStatus.CREATED)).isBetween(900, 1_100);
  }

  @Test
  void amendedAmountIsAnother() {
    Payment payment = generator.nextPayment();
    Payment next = payment.advance(generator);
    while (next.status() != PaymentStatus.CREATED) {
      assertThat(next.row()).isEqualTo(payment.row());
      next = payment.advance(generator);
    }
    assertThat(next.row().amount()).isNotEqualByComparingTo(payment.row().amount());
  }
}

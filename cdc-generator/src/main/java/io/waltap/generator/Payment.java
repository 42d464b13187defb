package io.waltap.generator;

import java.math.BigDecimal;

/**
 * A transaction in the life of a customer.
 *
 * @param customer from 0
 * @param merchant from 0
 */
record Payment(GeneratedTransaction row, int customer, int merchant, PaymentStatus status) {

  /** Its next step; a step to the same status amends the amount. */
  Payment advance(TransactionGenerator generator) {
    PaymentStatus next = status.next(generator.decisions());
    return new Payment(next == status ? generator.amend(row) : row, customer, merchant, next);
  }

  Payment rekeyed(TransactionGenerator generator) {
    return new Payment(generator.rekey(row), customer, merchant, status);
  }

  /** What the merchant gains by a step from here to that status; the customer loses as much. */
  BigDecimal movedBy(PaymentStatus next) {
    if (next == status) {
      return BigDecimal.ZERO;
    }
    return switch (next) {
      case CAPTURED -> row.amount();
      case REFUNDED -> row.amount().negate();
      default -> BigDecimal.ZERO;
    };
  }
}

package io.waltap.generator;

import java.util.List;
import java.util.Locale;
import java.util.Random;

/** What has become of a payment. Money moves when it is captured, and back when it is refunded. */
enum PaymentStatus {
  CREATED,
  AUTHORISED,
  CAPTURED,
  DISPUTED,
  DECLINED,
  CANCELLED,
  REFUNDED,
  SETTLED;

  /** What may follow, the likelier the oftener it stands there; itself: the amount is amended. */
  List<PaymentStatus> following() {
    return switch (this) {
      case CREATED ->
          List.of(
              AUTHORISED,
              AUTHORISED,
              AUTHORISED,
              AUTHORISED,
              AUTHORISED,
              AUTHORISED,
              AUTHORISED,
              DECLINED,
              CANCELLED,
              CREATED);
      case AUTHORISED ->
          List.of(
              CAPTURED,
              CAPTURED,
              CAPTURED,
              CAPTURED,
              CAPTURED,
              CAPTURED,
              CAPTURED,
              CAPTURED,
              CANCELLED,
              AUTHORISED);
      case CAPTURED ->
          List.of(
              SETTLED, SETTLED, SETTLED, SETTLED, SETTLED, SETTLED, SETTLED, REFUNDED, REFUNDED,
              DISPUTED);
      case DISPUTED -> List.of(REFUNDED, SETTLED);
      case DECLINED, CANCELLED, REFUNDED, SETTLED -> List.of();
    };
  }

  PaymentStatus next(Random random) {
    List<PaymentStatus> choices = following();
    return choices.get(random.nextInt(choices.size()));
  }

  /** Nothing follows, and only such a payment is ever deleted. */
  boolean isFinal() {
    return following().isEmpty();
  }

  /** As the column has it. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

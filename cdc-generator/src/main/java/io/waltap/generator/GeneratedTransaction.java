package io.waltap.generator;

import java.math.BigDecimal;
import java.time.LocalDateTime;

/**
 * One row of the table {@code public.transactions}, without the columns that its triggers fill.
 *
 * @param transactionId the primary key, a UUID
 * @param timestamp in UTC, in whole milliseconds
 * @param amount 10 to 1000, with as many decimals as the currency has
 * @param currency an ISO 4217 code
 * @param paymentMethod {@code credit_card}, {@code debit_card} or {@code online_transfer}
 * @param ipAddress a public IPv4 address
 * @param voucherCode empty, or {@code DISCOUNT10}
 * @param affiliateId a UUID
 */
public record GeneratedTransaction(
    String transactionId,
    String userId,
    LocalDateTime timestamp,
    BigDecimal amount,
    String currency,
    String city,
    String country,
    String merchantName,
    String paymentMethod,
    String ipAddress,
    String voucherCode,
    String affiliateId) {

  GeneratedTransaction withAmount(BigDecimal amount) {
    return changed(transactionId, amount, city, voucherCode);
  }

  GeneratedTransaction withCity(String city) {
    return changed(transactionId, amount, city, voucherCode);
  }

  GeneratedTransaction withVoucherCode(String voucherCode) {
    return changed(transactionId, amount, city, voucherCode);
  }

  GeneratedTransaction withTransactionId(String transactionId) {
    return changed(transactionId, amount, city, voucherCode);
  }

  private GeneratedTransaction changed(
      String transactionId, BigDecimal amount, String city, String voucherCode) {
    return new GeneratedTransaction(
        transactionId,
        userId,
        timestamp,
        amount,
        currency,
        city,
        country,
        merchantName,
        paymentMethod,
        ipAddress,
        voucherCode,
        affiliateId);
  }
}

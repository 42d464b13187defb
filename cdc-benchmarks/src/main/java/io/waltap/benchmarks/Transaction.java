package io.waltap.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/** The row of the workload, as an application would have it. */
record Transaction(
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
    String affiliateId,
    @Nullable String modifiedBy,
    @Nullable Instant modifiedAt,
    @Nullable JsonNode changeInfo) {}

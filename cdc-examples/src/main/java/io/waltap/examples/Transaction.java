package io.waltap.examples;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code public.transactions}; a component is nullable where the table's column is.
 *
 * @param modifiedBy who made the latest update, by the table's trigger; null before the first
 * @param changeInfo what the latest update changed, by the table's trigger; null before the first
 */
record Transaction(
    String transactionId,
    @Nullable String userId,
    @Nullable LocalDateTime timestamp,
    @Nullable BigDecimal amount,
    @Nullable String currency,
    @Nullable String city,
    @Nullable String country,
    @Nullable String merchantName,
    @Nullable String paymentMethod,
    @Nullable String ipAddress,
    @Nullable String voucherCode,
    @Nullable String affiliateId,
    @Nullable String modifiedBy,
    @Nullable Instant modifiedAt,
    @Nullable JsonNode changeInfo) {}

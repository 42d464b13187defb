package io.waltap.examples.readme;

// readme: hello world
import com.fasterxml.jackson.databind.JsonNode;
import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.table.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDateTime;

public class HelloWorld {

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
      String modifiedBy,
      Instant modifiedAt,
      JsonNode changeInfo) {}

  public static void main(String[] args) throws InterruptedException {
    CdcConfig config =
        CdcConfig.postgres("jdbc:postgresql://localhost:5432/financial_db", "cdc", "secret");

    try (CdcEngine engine =
        CdcEngine.builder(config)
            .listen(
                Table.of("public.transactions", Transaction.class),
                change -> System.out.println(change))
            .start()) {
      engine.awaitStopped();
    }
  }
}
// readme: end

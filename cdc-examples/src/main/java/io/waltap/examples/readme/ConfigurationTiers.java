package io.waltap.examples.readme;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import java.nio.file.Path;

final class ConfigurationTiers {

  private ConfigurationTiers() {}

  static CdcConfig second() {
    // readme: second tier
    return CdcConfig.builder()
        .url("jdbc:postgresql://db.example.com/shop")
        .user("cdc")
        .passwordFile(Path.of("/run/secrets/cdc"))
        .slot("orders")
        .publication("orders")
        .snapshotMode(SnapshotMode.WHEN_NEEDED)
        .build();
    // readme: end
  }

  static CdcConfig third() {
    // readme: third tier
    return CdcConfig.fromConnectorJson(Path.of("postgres-fin-connector.json")).toBuilder()
        .debezium("connection.validation.timeout.ms", "10000")
        .build();
    // readme: end
  }
}

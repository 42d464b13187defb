package io.waltap.examples.readme;

import io.waltap.config.CdcConfig;
import java.nio.file.Path;

final class ConfigurationTiers {

  private ConfigurationTiers() {}

  static CdcConfig third() {
    // readme: third tier
    return CdcConfig.fromConnectorJson(Path.of("postgres-fin-connector.json")).toBuilder()
        .debezium("connection.validation.timeout.ms", "10000")
        .build();
    // readme: end
  }
}

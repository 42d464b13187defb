package io.waltap.config;

import java.util.Map;
import java.util.StringJoiner;

/** Writes a configuration for people. What is not listed here is not shown. */
final class ConfigText {

  private ConfigText() {}

  static String of(CdcConfig config) {
    StringJoiner text = new StringJoiner(", ", "CdcConfig[", "]");
    text.add("url=" + config.url());
    text.add("user=" + config.user());
    text.add("password=" + Secrets.MASK);
    text.add("name=" + config.name());
    text.add("slot=" + config.slot());
    text.add("publication=" + config.publication());
    text.add("snapshotMode=" + config.snapshotMode());
    text.add("snapshotThreads=" + config.snapshotThreads());
    text.add("unchanged=" + config.unchanged());
    text.add("sslMode=" + config.sslMode());
    text.add("sslRootCertificate=" + config.sslRootCertificate());
    text.add("sslCertificate=" + config.sslCertificate());
    text.add("sslKey=" + config.sslKey());
    text.add("offsetFile=" + config.offsetFile());
    text.add("connectTimeout=" + config.connectTimeout());
    text.add("statusInterval=" + config.statusInterval());
    text.add("stopTimeout=" + config.stopTimeout());
    text.add("heartbeatInterval=" + config.heartbeatInterval());
    text.add("heartbeatTable=" + config.heartbeatTable());
    text.add("walBudget=" + config.walBudget());
    text.add("maxBatchSize=" + config.maxBatchSize());
    text.add("maxQueueSize=" + config.maxQueueSize());
    text.add("maxQueueBytes=" + config.maxQueueBytes());
    for (Map.Entry<String, String> entry : config.debezium().entrySet()) {
      text.add("debezium." + entry.getKey() + "=" + Secrets.mask(entry.getKey(), entry.getValue()));
    }
    return text.toString();
  }
}

package io.waltap.internal.debezium;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnector;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's connector with {@link WalTapTask} in place of its task. Created by the engine by its
 * name.
 */
public final class WalTapConnector extends PostgresConnector {

  @Override
  public Class<? extends Task> taskClass() {
    return WalTapTask.class;
  }

  /** Parts of Debezium that are made for its PostgreSQL connector look for that name. */
  @Override
  public List<Map<String, String>> taskConfigs(int maxTasks) {
    List<Map<String, String>> configs = super.taskConfigs(maxTasks);
    configs.forEach(config -> config.put("connector.class", PostgresConnector.class.getName()));
    return configs;
  }

  /** The preflight has connected and checked already, and says more than this would. */
  @Override
  protected void validateConnection(
      Map<String, ConfigValue> configValues, Configuration configuration) {}
}

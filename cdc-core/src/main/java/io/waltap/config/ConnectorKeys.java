package io.waltap.config;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What becomes of each key of a connector's JSON. */
final class ConnectorKeys {

  /** The ways to treat a key. */
  enum Treatment {
    /** A part of the server's address. */
    ADDRESS,
    /** Has the meaning of one of the settings. */
    SETTING,
    /** Honoured, for the values that say what WalTap does anyway. */
    FIXED,
    /** Speaks about what does not exist outside of Kafka Connect. */
    WITHOUT_EFFECT,
    /** Anything else. */
    UNKNOWN
  }

  /**
   * A key of which only some values can be honoured.
   *
   * @param values the values, in lower case
   */
  private record Fixed(Set<String> values, String remedy) {}

  private static final Set<String> ADDRESS =
      Set.of("database.hostname", "database.port", "database.dbname");

  private static final Map<String, String> SETTINGS =
      Map.ofEntries(
          Map.entry("database.user", "user"),
          Map.entry("database.password", "password"),
          Map.entry("database.sslmode", "sslMode"),
          Map.entry("database.sslrootcert", "sslRootCertificate"),
          Map.entry("database.sslcert", "sslCertificate"),
          Map.entry("database.sslkey", "sslKey"),
          Map.entry("topic.prefix", "name"),
          Map.entry("slot.name", "slot"),
          Map.entry("publication.name", "publication"),
          Map.entry("snapshot.mode", "snapshotMode"),
          Map.entry("snapshot.max.threads", "snapshotThreads"),
          Map.entry("max.batch.size", "maxBatchSize"),
          Map.entry("max.queue.size", "maxQueueSize"),
          Map.entry("max.queue.size.in.bytes", "maxQueueBytes"),
          Map.entry("status.update.interval.ms", "statusInterval"));

  private static final Map<String, Fixed> FIXED =
      Map.of(
          "connector.class",
          new Fixed(
              Set.of("io.debezium.connector.postgresql.postgresconnector"),
              "only io.debezium.connector.postgresql.PostgresConnector can be run"),
          "plugin.name",
          new Fixed(Set.of("pgoutput"), "write pgoutput, which every server brings along"),
          "tasks.max",
          new Fixed(Set.of("1"), "write 1, since a slot has one reader"),
          "decimal.handling.mode",
          new Fixed(
              Set.of("string", "precise"),
              "write string or precise, since WalTap delivers decimals exactly, as text and as"
                  + " BigDecimal"),
          "publication.autocreate.mode",
          new Fixed(
              Set.of("disabled"),
              "write disabled and run CREATE PUBLICATION yourself, since WalTap creates none"));

  private static final Set<String> WITHOUT_EFFECT = Set.of("name", "tombstones.on.delete");

  private ConnectorKeys() {}

  static Treatment classify(String key) {
    if (ADDRESS.contains(key)) {
      return Treatment.ADDRESS;
    }
    if (SETTINGS.containsKey(key)) {
      return Treatment.SETTING;
    }
    if (FIXED.containsKey(key)) {
      return Treatment.FIXED;
    }
    return isWithoutEffect(key) ? Treatment.WITHOUT_EFFECT : Treatment.UNKNOWN;
  }

  private static boolean isWithoutEffect(String key) {
    return WITHOUT_EFFECT.contains(key)
        || key.startsWith("key.converter")
        || key.startsWith("value.converter")
        || key.startsWith("header.converter")
        || key.startsWith("topic.creation.");
  }

  /** The setting that has the meaning of the key. */
  static String settingOf(String key) {
    return Objects.requireNonNull(SETTINGS.get(key), key);
  }

  /** The key that has the meaning of the setting. */
  static @Nullable String keyOf(String setting) {
    return SETTINGS.entrySet().stream()
        .filter(entry -> entry.getValue().equals(setting))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(null);
  }

  /** Why a value of a key cannot be honoured; empty if it can. */
  static Optional<String> refusal(String key, String text) {
    Fixed fixed = Objects.requireNonNull(FIXED.get(key), key);
    return fixed.values().contains(text.toLowerCase(Locale.ROOT))
        ? Optional.empty()
        : Optional.of("is '" + text + "', which is not honoured; " + fixed.remedy());
  }

  /** The value in the words of WalTap's own settings. */
  static String translate(String key, String text) {
    if (key.equals("status.update.interval.ms")) {
      return text + "ms";
    }
    boolean noData =
        key.equals("snapshot.mode")
            && (text.equalsIgnoreCase("no_data") || text.equalsIgnoreCase("schema_only"));
    return noData ? "never" : text;
  }
}

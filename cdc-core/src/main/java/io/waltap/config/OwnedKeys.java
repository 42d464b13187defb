package io.waltap.config;

import java.util.List;
import java.util.Optional;

/**
 * The Debezium keys that WalTap sets itself, because its guarantees rest on them, each with what to
 * do instead.
 */
final class OwnedKeys {

  /** A pattern is a key, with a star for any beginning or any end. The first that fits counts. */
  private record Rule(String pattern, String remedy) {
    boolean fits(String key) {
      if (pattern.startsWith("*")) {
        return key.endsWith(pattern.substring(1));
      }
      return pattern.endsWith("*")
          ? key.startsWith(pattern.substring(0, pattern.length() - 1))
          : key.equals(pattern);
    }
  }

  private static final String CONNECTION =
      "use the settings url, user, password, sslMode, sslRootCertificate, sslCertificate, sslKey";
  private static final String TABLES =
      "the captured tables are those given to listen(...) on the engine's builder";
  private static final String NO_CONNECT =
      "there is no Kafka Connect here that would use it, remove it";
  private static final String FIXED = "WalTap's guarantees depend on its value, remove it";
  private static final String EXACT = "values are always delivered exactly, remove it";
  private static final String LISTENER = "do it in the RowMapper or in the listener";

  private static final List<Rule> RULES =
      List.of(
          new Rule("connector.class", "it is always the PostgreSQL connector, remove it"),
          new Rule("plugin.name", "it is always pgoutput, remove it"),
          new Rule("name", "use the setting name"),
          new Rule("topic.*", "use the setting name"),
          new Rule("database.*", CONNECTION),
          // Without effect, as WalTap opens every connection; and some of them name classes.
          new Rule("driver.*", CONNECTION),
          new Rule("slot.*", "use the setting slot"),
          new Rule("publication.*", "use the setting publication"),
          new Rule("offset.*", "use the setting offsetFile or give the engine an OffsetStore"),
          new Rule("table.include.list", TABLES),
          new Rule("table.exclude.list", TABLES),
          new Rule("schema.*", TABLES),
          new Rule("converters", LISTENER),
          new Rule("key.converter*", NO_CONNECT),
          new Rule("value.converter*", NO_CONNECT),
          new Rule("header.converter*", NO_CONNECT),
          new Rule("config.providers*", NO_CONNECT),
          new Rule("tombstones.on.delete", "a delete is always one event, remove it"),
          new Rule("skipped.operations", LISTENER),
          new Rule("snapshot.mode*", "use the setting snapshotMode"),
          new Rule("snapshot.max.threads", "use the setting snapshotThreads"),
          new Rule("snapshot.*", "WalTap reads the snapshot itself, remove it"),
          new Rule("incremental.snapshot.*", "WalTap reads the snapshot itself, remove it"),
          new Rule(
              "column.*", "every published column is delivered, leave it out of the publication"),
          new Rule("errors.*", FIXED),
          new Rule("lsn.flush*", FIXED),
          new Rule("provide.transaction.metadata", FIXED),
          new Rule("heartbeat.*", FIXED),
          new Rule("max.batch.size", "use the setting maxBatchSize"),
          new Rule("max.queue.size.in.bytes", "use the setting maxQueueBytes"),
          new Rule("max.queue.size", "use the setting maxQueueSize"),
          new Rule("status.update.interval.ms", "use the setting statusInterval"),
          new Rule("transforms*", LISTENER),
          new Rule("predicates*", LISTENER),
          new Rule("include.unknown.datatypes", EXACT),
          new Rule("*.handling.mode", EXACT),
          new Rule("unavailable.value.placeholder", FIXED),
          new Rule("record.processing.*", FIXED),
          new Rule("poll.interval.ms", FIXED),
          new Rule("executor.*", FIXED),
          new Rule("signal.*", FIXED),
          new Rule("notification.*", FIXED));

  private OwnedKeys() {}

  /** What to do instead of setting the key; empty if it is free to be set. */
  static Optional<String> remedyFor(String key) {
    return RULES.stream().filter(rule -> rule.fits(key)).map(Rule::remedy).findFirst();
  }
}

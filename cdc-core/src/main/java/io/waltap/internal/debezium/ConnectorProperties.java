package io.waltap.internal.debezium;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.TableId;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * What Debezium is told. Defaults there are made for Kafka Connect; each that differs here says
 * why.
 */
final class ConnectorProperties {

  private static final String MATCHES_NOTHING = "(?!)";

  private ConnectorProperties() {}

  static Properties of(Session session) {
    CdcConfig config = session.config();
    Properties properties = new Properties();
    properties.putAll(config.debezium());
    engine(properties, session);
    server(properties, config);
    properties.setProperty(SnapshotConnections.KEY, SnapshotConnections.class.getName());
    properties.setProperty("database." + Session.KEY, session.id());
    capture(properties, session);
    return properties;
  }

  private static void engine(Properties p, Session session) {
    p.setProperty(Session.KEY, session.id());
    p.setProperty("name", session.id());
    // Unique in the process: it also names the MBeans, and a second engine waits a minute for a
    // name.
    p.setProperty("topic.prefix", session.id());
    p.setProperty("connector.class", WalTapConnector.class.getName());
    p.setProperty("offset.storage", StoredOffset.class.getName());
    // One task, one record a batch: a pool would only add a hand-over.
    p.setProperty("record.processing.threads", "1");
    // No retries underneath: they redeliver or drop behind our back, and hide failures for ever.
    p.setProperty("errors.max.retries", "0");
    p.setProperty("slot.max.retries", "0");
    // Creating a slot waits for running transactions, as long as they last. How long a start and a
    // stop may take is for our engine to say, which closes the connections then.
    p.setProperty("internal.task.management.timeout.ms", Integer.toString(Integer.MAX_VALUE));
    // Only for reading: what Debezium does between two looks at an idle stream.
    p.setProperty("poll.interval.ms", "10");
  }

  // Connections are made by SnapshotConnections, so password, TLS and session settings stay away
  // from Debezium, which logs what it is told. What is left names the server in its own messages.
  private static void server(Properties p, CdcConfig config) {
    // Debezium does not know addresses of version 6; it only shows this one.
    p.setProperty("database.hostname", config.host().replaceAll("[^\\w.-]", "-"));
    p.setProperty("database.port", Integer.toString(config.port()));
    p.setProperty("database.dbname", config.database());
    p.setProperty("database.user", config.user());
  }

  private static void capture(Properties p, Session session) {
    CdcConfig config = session.config();
    p.setProperty("plugin.name", "pgoutput");
    p.setProperty("slot.name", config.slot());
    p.setProperty("slot.drop.on.stop", "false");
    p.setProperty("publication.name", config.publication());
    // A library does not change what a server publishes; the preflight gives the SQL.
    p.setProperty("publication.autocreate.mode", "disabled");
    p.setProperty("table.include.list", includeList(session));
    p.setProperty(
        "snapshot.mode", config.snapshotMode() == SnapshotMode.NEVER ? "no_data" : "initial");
    p.setProperty("snapshot.query.mode", "custom");
    p.setProperty("snapshot.query.mode.custom.name", TextSnapshotQuery.NAME);
    p.setProperty("converters", "text");
    p.setProperty("text.type", TextConverter.class.getName());
    // With more, connections of the pool read outside the exported snapshot in 3.6.1.
    p.setProperty("snapshot.max.threads", "1");
    // Columns of types that Debezium does not know would be left out; ours are all text.
    p.setProperty("include.unknown.datatypes", "true");
    // The default turns a value that cannot be converted into null.
    p.setProperty("event.converting.failure.handling.mode", "fail");
    p.setProperty("max.batch.size", Integer.toString(config.maxBatchSize()));
    p.setProperty("max.queue.size", Integer.toString(config.maxQueueSize()));
    p.setProperty("max.queue.size.in.bytes", Long.toString(config.maxQueueBytes()));
  }

  // A list of regular expressions that Debezium matches without regard to case; a table whose name
  // differs only by case is kept out again by the exact routes.
  private static String includeList(Session session) {
    // An empty list would mean all tables.
    return session.capture().tables().isEmpty()
        ? MATCHES_NOTHING
        : session.capture().tables().stream()
            .map(ConnectorProperties::escaped)
            .sorted()
            .collect(Collectors.joining(","));
  }

  private static String escaped(TableId table) {
    return (table.schema() + "." + table.name())
        .codePoints()
        .mapToObj(ConnectorProperties::escaped)
        .collect(Collectors.joining());
  }

  // By number, since blanks at the ends would be cut off and commas would part the list.
  private static String escaped(int character) {
    return Character.isLetterOrDigit(character) || character == '_'
        ? Character.toString(character)
        : "\\x{" + Integer.toHexString(character) + "}";
  }
}

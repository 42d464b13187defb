package io.waltap.internal.debezium;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import java.util.Comparator;
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
    properties.setProperty(DebeziumConnections.KEY, DebeziumConnections.class.getName());
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

  // Connections are made by DebeziumConnections, so password, TLS and session settings stay away
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
    // It builds a schema of its own for each column that it captures, which nobody would read; and
    // it warns if there is no table at all.
    p.setProperty("table.include.list", oneTable(session));
    p.setProperty("column.include.list", MATCHES_NOTHING);
    // Rows are read by our Snapshot.
    p.setProperty("snapshot.mode", "no_data");
  }

  private static String oneTable(Session session) {
    return session.capture().tables().stream()
        .map(ConnectorProperties::escaped)
        .min(Comparator.naturalOrder())
        .orElse(MATCHES_NOTHING); // an empty list would mean all tables
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

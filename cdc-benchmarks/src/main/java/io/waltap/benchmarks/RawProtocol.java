package io.waltap.benchmarks;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.PGReplicationStream;

/**
 * The messages of pgoutput as the driver reads them, thrown away: nothing less can be done with
 * them. Each is taken as it comes.
 */
final class RawProtocol implements Candidate {

  @Override
  public String name() {
    return "raw pgoutput";
  }

  @Override
  public void receive(Feed feed, Arrivals arrivals) throws Exception {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, BenchmarkServer.USER);
    PGProperty.PASSWORD.set(properties, BenchmarkServer.PASSWORD);
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "14");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    try (Connection connection = DriverManager.getConnection(feed.url(), properties);
        PGReplicationStream stream = open(connection, feed.slot())) {
      while (!arrivals.isDone()) {
        ByteBuffer message = stream.read();
        byte type = message.get(message.position());
        if (type == 'I' || type == 'U') {
          arrivals.row(message);
        }
      }
    }
  }

  private static PGReplicationStream open(Connection connection, String slot) throws Exception {
    return connection
        .unwrap(PGConnection.class)
        .getReplicationAPI()
        .replicationStream()
        .logical()
        .withSlotName(slot)
        .withSlotOption("proto_version", 1)
        .withSlotOption("publication_names", BenchmarkServer.PUBLICATION)
        .start();
  }
}

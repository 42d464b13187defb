package io.waltap.internal.debezium;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.connector.postgresql.PostgresConnectorTask;
import io.debezium.connector.postgresql.PostgresOffsetContext;
import io.debezium.connector.postgresql.PostgresPartition;
import io.debezium.connector.postgresql.PostgresSchema;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.pipeline.ChangeEventSourceCoordinator;
import io.waltap.internal.dispatch.SourceEvent;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Debezium's task, with the replication connection and the queue to poll exchanged for ours. */
public final class WalTapTask extends PostgresConnectorTask {

  /** How often Debezium's queue is asked for failures while nothing arrives. */
  private static final long FAILURE_CHECK_MILLIS = 1000;

  private @Nullable Session session;

  @Override
  public ChangeEventSourceCoordinator<PostgresPartition, PostgresOffsetContext> start(
      Configuration configuration) {
    session(configuration).started(this);
    try {
      return super.start(configuration);
    } catch (RetriableException e) {
      // Of this kind Debezium says nothing, and tries again by itself ten seconds later.
      throw new ConnectException(e.getMessage(), e);
    }
  }

  private Session session(Configuration configuration) {
    Session found = session;
    if (found == null) {
      found = Session.of(configuration.getString(Session.KEY));
      session = found;
    }
    return found;
  }

  private Session session() {
    if (session == null) {
      throw new IllegalStateException("the task was not started");
    }
    return session;
  }

  @Override
  protected ReplicationConnection buildReplicationConnection(
      PostgresConnection jdbc, PostgresSchema schema, PostgresConnectorConfig configuration) {
    return session().connect();
  }

  /**
   * At most one record, whose value is the list of everything there is: the engine's cost is per
   * record. Debezium's own queue is looked at only to be told of failures.
   */
  @Override
  public List<SourceRecord> doPoll() throws InterruptedException {
    Session current = session();
    List<SourceEvent> events =
        current.queue().poll(current.config().maxBatchSize(), FAILURE_CHECK_MILLIS);
    return events.isEmpty() ? super.doPoll() : List.of(record(events));
  }

  private static SourceRecord record(List<SourceEvent> batch) {
    return new SourceRecord(Map.of(), Map.of(), "waltap", null, null, null, batch);
  }
}

package io.waltap.internal.debezium;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationConnection;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.debezium.connector.postgresql.connection.WalPositionLocator;
import io.debezium.connector.postgresql.spi.SlotCreationResult;
import io.waltap.config.CdcConfig;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.connection.Line;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.fluent.logical.ChainedLogicalStreamBuilder;

/**
 * The replication connection that Debezium's connector gets instead of its own: creates the slot,
 * and opens the stream exactly where it is told to. It never searches for a position and never
 * skips anything, because it is only ever told boundaries, from which the server itself sends whole
 * transactions.
 */
final class WalConnection implements ReplicationConnection {

  private static final Duration GOODBYE = Duration.ofSeconds(1);

  private final Session session;
  private final CdcConfig config;
  private volatile @Nullable Line line;
  private volatile @Nullable WalStream stream;
  private volatile boolean creating;

  WalConnection(Session session) {
    this.session = session;
    this.config = session.config();
  }

  /** Creates the slot and exports the snapshot that begins where the slot does. */
  @Override
  public synchronized Optional<SlotCreationResult> createReplicationSlot() throws SQLException {
    String command =
        "CREATE_REPLICATION_SLOT \"" + config.slot() + "\" LOGICAL pgoutput EXPORT_SNAPSHOT";
    creating = true;
    try (Statement statement = connection().createStatement();
        ResultSet slot = statement.executeQuery(command)) {
      slot.next();
      SlotCreationResult created =
          new SlotCreationResult(
              slot.getString("slot_name"),
              slot.getString("consistent_point"),
              slot.getString("snapshot_name"),
              slot.getString("output_plugin"));
      session.slotCreated(created.startLsn(), created.snapshotName());
      return Optional.of(created);
    } finally {
      creating = false;
    }
  }

  @Override
  public ReplicationStream startStreaming(WalPositionLocator locator)
      throws SQLException, InterruptedException {
    return startStreaming(null, locator);
  }

  /**
   * Opens the stream, after all rows of the slot's snapshot were handed over if there is one.
   *
   * @param offset where; null to begin where the slot stands
   */
  @Override
  public ReplicationStream startStreaming(@Nullable Lsn offset, WalPositionLocator locator)
      throws SQLException, InterruptedException {
    Lsn start = offset != null ? offset : session.slotPosition();
    try {
      if (session.wantsSnapshot()) {
        readSnapshot(start);
      }
      return openStream(start);
    } catch (SQLException | RuntimeException | Error e) {
      session.failed(e);
      throw e;
    }
  }

  // While this connection lives and asks nothing else, the server keeps the snapshot.
  private void readSnapshot(Lsn start) throws SQLException, InterruptedException {
    String snapshot = session.exported();
    if (snapshot == null) { // Debezium takes a slot that it finds, and the checks found none
      throw new SQLException(
          "the replication slot "
              + config.slot()
              + " was created by somebody else in the moment of the start, so that there is no"
              + " snapshot of what lies before it; each engine needs a slot of its own",
          "55006");
    }
    session.endTransactions();
    Snapshot.read(session, snapshot, new io.waltap.event.Lsn(start.asLong()));
    session.snapshotRead();
  }

  private synchronized ReplicationStream openStream(Lsn start)
      throws SQLException, InterruptedException {
    ChainedLogicalStreamBuilder stream =
        connection()
            .unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName('"' + config.slot() + '"')
            .withStartPosition(LogSequenceNumber.valueOf(start.asLong()))
            // Else the driver confirms positions of its own accord, ahead of ours.
            .withAutomaticFlush(false)
            .withStatusInterval(
                Math.toIntExact(config.statusInterval().toMillis()), TimeUnit.MILLISECONDS)
            .withSlotOption("proto_version", 1)
            .withSlotOption("publication_names", '"' + config.publication() + '"')
            // Heartbeats are messages. And a change keeps its number in its transaction, whether
            // somebody listens to messages or not.
            .withSlotOption("messages", true);
    WalStream open = new WalStream(line(), stream.start(), start, session);
    this.stream = open;
    session.opened(open);
    return open;
  }

  Connection connection() throws SQLException {
    return line().connection();
  }

  private Line line() throws SQLException {
    Line current = line;
    if (current == null) {
      current = Connections.openLine(config);
      line = current;
      Connections.waitForEver(current.connection());
      session.connected(current.connection().unwrap(PGConnection.class).getBackendPID());
      if (session.quiet()) { // the end has come meanwhile
        close();
        throw new SQLException("the engine is being stopped", "57014");
      }
    }
    return current;
  }

  @Override
  public void initConnection() {}

  @Override
  public synchronized boolean isConnected() throws SQLException {
    Line current = line;
    return current != null && !current.connection().isClosed();
  }

  @Override
  public void reconnect() throws SQLException {
    close();
  }

  /**
   * Sends the last confirmed position, then closes. Takes no lock: it has to end whatever another
   * thread waits for here, such as a slot that cannot be created while a transaction is open, or a
   * line that went dead in the middle of a message.
   */
  @Override
  public void close() throws SQLException {
    Line last = line;
    WalStream open = stream;
    line = null;
    stream = null;
    if (last == null) {
      return;
    }
    Connection current = last.connection();
    if (saidGoodbye(current, open)) {
      current.close();
    } else {
      current.abort(Runnable::run);
    }
  }

  // On another thread, because the driver has locks of its own, and a reader may hold them for
  // ever.
  private boolean saidGoodbye(Connection current, @Nullable WalStream open) {
    Thread goodbye =
        new Thread(() -> sayGoodbye(current, open), "waltap-" + config.name() + "-goodbye");
    goodbye.setDaemon(true);
    goodbye.start();
    try {
      goodbye.join(GOODBYE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !goodbye.isAlive();
  }

  private void sayGoodbye(Connection current, @Nullable WalStream open) {
    try {
      if (creating) {
        current.unwrap(PGConnection.class).cancelQuery();
      }
      if (open != null && !current.isClosed()) {
        open.sendStatus();
      }
    } catch (SQLException e) {
      session.log().debug("the replication connection was broken before it was closed", e);
    }
  }
}

package io.waltap.internal.debezium;

import io.debezium.connector.postgresql.connection.Lsn;
import io.debezium.connector.postgresql.connection.ReplicationStream;
import io.waltap.internal.connection.Line;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.internal.engine.ChangeSource.Life;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import org.jspecify.annotations.Nullable;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * The open stream. Debezium's streaming loop calls {@link #readPending}; what is read goes into our
 * own queue, not to the processor that Debezium passes in, which would turn each change into a
 * Kafka Connect structure, losing digits and time on the way.
 *
 * <p>The thread that reads also keeps the connection alive: the driver answers while it reads, and
 * while the queue is full the loop here does. So there is no keep-alive thread that could die
 * unnoticed.
 */
final class WalStream implements ReplicationStream {

  /**
   * How many messages are read before Debezium's loop gets its turn to look whether it should stop.
   */
  private static final int BURST = 1024;

  /**
   * How often an idle stream reports how far it looked; each report is one write to the offset
   * store.
   */
  private static final long IDLE_INTERVAL_NANOS = Duration.ofMillis(500).toNanos();

  /**
   * How long is waited for the server's next words before anybody looks whether the end has come,
   * and the driver whether a status is due.
   */
  private static final Duration LOOK_UP = Duration.ofMillis(100);

  /** object_not_in_prerequisite_state */
  private static final String SKIPPED_PUBLICATION = "55000";

  private static final long KEEP_ALIVE_NANOS = Duration.ofSeconds(1).toNanos();

  private final Line line;
  private final PGReplicationStream stream;
  private final Session session;
  private final WalQueue queue;
  private final PgOutputReader reader;
  private final Lsn start;
  private final Duration lookUp;
  private io.waltap.event.Lsn lastIdle;
  private long lastIdleNanos;
  private volatile long heard;
  private volatile long heartbeat;

  WalStream(Line line, PGReplicationStream stream, Lsn start, Session session) {
    this.line = line;
    this.stream = stream;
    this.start = start;
    Duration status = session.config().statusInterval();
    this.lookUp = status.compareTo(LOOK_UP) < 0 ? status : LOOK_UP;
    this.session = session;
    this.queue = session.queue();
    this.lastIdle = new io.waltap.event.Lsn(start.asLong());
    this.reader =
        new PgOutputReader(
            session.catalog(),
            session::wanted,
            Heartbeat.mark(session.config()),
            lastIdle,
            this::put);
    queue.add(new SourceEvent.StreamStart(lastIdle), 0);
  }

  @Override
  public boolean readPending(@Nullable ReplicationMessageProcessor processor)
      throws SQLException, InterruptedException {
    try {
      return readBurst();
    } catch (SQLException | RuntimeException | Error e) {
      session.failed(e);
      throw e;
    }
  }

  private boolean readBurst() throws SQLException, InterruptedException {
    for (int i = 0; i < BURST; i++) {
      awaitRoom();
      if (!readOne()) {
        reportIdle();
        return i > 0 || awaitMore();
      }
    }
    reportIdle();
    return true;
  }

  private void awaitRoom() throws InterruptedException, SQLException {
    while (!queue.awaitRoom(KEEP_ALIVE_NANOS)) {
      stream.forceUpdateStatus();
    }
  }

  // Nobody waits in here, with a message in hand that may fill half of the heap.
  @SuppressWarnings("NonAtomicVolatileUpdate") // written by one thread, read by many
  private boolean readOne() throws SQLException, InterruptedException {
    ByteBuffer message = stream.readPending();
    if (message == null) {
      return false;
    }
    heard++;
    reader.read(message, received());
    return true;
  }

  // Debezium's loop looks again at once if it is told that there was something, and sleeps if not.
  private boolean awaitMore() throws SQLException {
    if (line.canWait()) {
      line.await(lookUp);
    }
    return line.canWait();
  }

  private void put(SourceEvent event, long bytes) throws SQLException {
    if (event instanceof SourceEvent.Commit commit) {
      refuseToSkip(); // the position would move past what was not sent before this transaction
      lastIdle = commit.end();
    } else if (event instanceof SourceEvent.Idle) {
      refuseToSkip();
    } else if (event instanceof SourceEvent.Heartbeat beat) {
      heartbeat = beat.number();
    }
    queue.add(event, bytes);
  }

  /**
   * Lets the position move on when only others write, or nothing of ours. The server sends its
   * position only after everything that lies before it, so between two transactions that position
   * is safe to resume from.
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // as above
  private void reportIdle() throws InterruptedException, SQLException {
    if (reader.inTransaction() || System.nanoTime() - lastIdleNanos < IDLE_INTERVAL_NANOS) {
      return;
    }
    io.waltap.event.Lsn seen = later(received(), reader.lastEnd());
    if (seen.compareTo(lastIdle) > 0) {
      heard++;
      put(new SourceEvent.Idle(seen), 0);
      lastIdle = seen;
      lastIdleNanos = System.nanoTime();
    }
  }

  private static io.waltap.event.Lsn later(io.waltap.event.Lsn one, io.waltap.event.Lsn other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  /**
   * From version 18 on the server only warns when a publication is gone, and then sends no changes.
   * It warns before it sends the position that lies beyond them, so looking here loses none.
   */
  private void refuseToSkip() throws SQLException {
    SQLWarning first = line.connection().getWarnings();
    if (first == null) {
      return;
    }
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      if (SKIPPED_PUBLICATION.equals(warning.getSQLState())) {
        throw new SQLException(
            warning.getMessage()
                + ", so the server sends no changes; create it again, drop the slot, and begin again"
                + " with a fresh snapshot",
            warning.getSQLState(),
            warning);
      }
    }
    line.connection().clearWarnings();
  }

  io.waltap.event.Lsn received() {
    return new io.waltap.event.Lsn(stream.getLastReceiveLSN().asLong());
  }

  /** Any thread. */
  Life life() {
    return new Life(heard, heartbeat, queue.isWaitedFor());
  }

  /** Any thread: the driver sends it with the next status. */
  void confirm(io.waltap.event.Lsn lsn) {
    LogSequenceNumber number = LogSequenceNumber.valueOf(lsn.value());
    stream.setAppliedLSN(number);
    stream.setFlushedLSN(number);
  }

  /** Sends what was confirmed now, not with the next status. */
  void sendStatus() throws SQLException {
    stream.forceUpdateStatus();
  }

  @Override
  public void read(@Nullable ReplicationMessageProcessor processor)
      throws SQLException, InterruptedException {
    readPending(processor);
  }

  /** Debezium's own way to confirm; positions here are confirmed by {@link #confirm} alone. */
  @Override
  public void flushLsn(Lsn lsn) {}

  @Override
  public Lsn lastReceivedLsn() {
    return Lsn.valueOf(stream.getLastReceiveLSN());
  }

  @Override
  public Lsn startLsn() {
    return start;
  }

  @Override
  public void startKeepAlive(ExecutorService service) {
    service.shutdown();
  }

  /** Debezium calls this as its streaming loop ends, for whatever reason. */
  @Override
  public void stopKeepAlive() {
    queue.wake();
  }

  @Override
  public void close() throws SQLException {
    stream.close();
  }
}

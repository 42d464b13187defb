package io.waltap.internal.debezium;

import io.debezium.connector.postgresql.connection.Lsn;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one run shares with the classes that Debezium creates itself by their names. They find it by
 * the id in their configuration; there is no other way to hand them an object.
 */
final class Session {

  /** The configuration key of the id. */
  static final String KEY = "waltap.session";

  private static final Map<String, Session> SESSIONS = new ConcurrentHashMap<>();
  private static final AtomicLong COUNTER = new AtomicLong();

  private final Logger log = LoggerFactory.getLogger(Session.class);
  private final String id;
  private final CdcConfig config;
  private final Capture capture;
  private final io.waltap.event.@Nullable Lsn resumeFrom;
  private final WalQueue queue;
  private final Catalog catalog;
  private volatile @Nullable Lsn createdAt;
  private final Set<Connection> ordinary = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String exported;
  private volatile boolean snapshotRead;
  private volatile @Nullable WalStream stream;
  private volatile @Nullable WalConnection connection;
  private volatile @Nullable WalTapTask task;
  private volatile @Nullable Integer backend;
  private final Set<Integer> backends = ConcurrentHashMap.newKeySet();
  private volatile Consumer<Throwable> failures = failure -> {};
  private volatile boolean quiet;

  private Session(CdcConfig config, Capture capture, io.waltap.event.@Nullable Lsn resumeFrom) {
    this.id = config.name() + "-" + COUNTER.incrementAndGet();
    this.config = config;
    this.capture = capture;
    this.resumeFrom = resumeFrom;
    this.queue = new WalQueue(config.maxQueueSize(), config.maxQueueBytes());
    this.catalog = new Catalog(config);
  }

  static Session open(CdcConfig config, Capture capture, io.waltap.event.@Nullable Lsn resumeFrom) {
    Session session = new Session(config, capture, resumeFrom);
    SESSIONS.put(session.id, session);
    return session;
  }

  static Session of(@Nullable String id) {
    Session session = id == null ? null : SESSIONS.get(id);
    if (session == null) {
      throw new IllegalStateException("session " + id + " is over");
    }
    return session;
  }

  /**
   * Forgets the session and closes what is still open, whatever state Debezium is in; the slot
   * first.
   */
  void end() {
    SESSIONS.remove(id);
    quiesce();
    close(connection);
    ordinary.forEach(this::close);
    close(catalog);
  }

  private void close(@Nullable AutoCloseable open) {
    try {
      if (open != null) {
        open.close();
      }
    } catch (Exception e) {
      log.debug("a connection was broken before it was closed", e);
    }
  }

  /** Nothing more is read or delivered. */
  void quiesce() {
    quiet = true;
    queue.close();
  }

  boolean quiet() {
    return quiet;
  }

  String id() {
    return id;
  }

  CdcConfig config() {
    return config;
  }

  /** Where to resume; null for a first start. */
  io.waltap.event.@Nullable Lsn resumeFrom() {
    return resumeFrom;
  }

  Capture capture() {
    return capture;
  }

  boolean wanted(TableId table) {
    return capture.wants(table);
  }

  WalQueue queue() {
    return queue;
  }

  Catalog catalog() {
    return catalog;
  }

  Logger log() {
    return log;
  }

  /**
   * A slot was created.
   *
   * @param snapshot under which name the snapshot that begins where the slot does was exported
   */
  void slotCreated(Lsn lsn, String snapshot) {
    createdAt = lsn;
    exported = snapshot;
  }

  /** Whether the rows that are there have to be read before the stream. */
  boolean wantsSnapshot() {
    return resumeFrom == null && config.snapshotMode() != SnapshotMode.NEVER && !snapshotRead;
  }

  /** The snapshot of the slot that was created; null if none was. */
  @Nullable String exported() {
    return exported;
  }

  /** The snapshot was read. */
  void snapshotRead() {
    snapshotRead = true;
  }

  /**
   * Ends the transactions that Debezium has left open on its connections. One has a number, so that
   * whoever creates a slot on this server would wait for the end of our snapshot. To be called by
   * the thread that Debezium uses them on.
   */
  void endTransactions() throws SQLException {
    for (Connection connection : ordinary) {
      if (!connection.isClosed() && !connection.getAutoCommit()) {
        connection.commit();
      }
    }
  }

  /** An ordinary connection was opened, by Debezium or to read the snapshot. */
  void connected(Connection opened) throws SQLException {
    ordinary.removeIf(Session::isClosed);
    ordinary.add(opened);
    backends.add(opened.unwrap(PGConnection.class).getBackendPID());
    if (quiet) {
      close(opened); // the end has come meanwhile
    }
  }

  private static boolean isClosed(Connection connection) {
    try {
      return connection.isClosed();
    } catch (SQLException e) {
      return true;
    }
  }

  /** Where the slot stands: where we created it, or what was last confirmed to it. */
  Lsn slotPosition() throws SQLException {
    Lsn created = createdAt;
    return created != null ? created : confirmed();
  }

  private Lsn confirmed() throws SQLException {
    String sql =
        "SELECT confirmed_flush_lsn FROM pg_catalog.pg_replication_slots WHERE slot_name = ?";
    try (Connection connection = Connections.ask(config);
        PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, config.slot());
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          throw new SQLException("replication slot \"" + config.slot() + "\" is gone", "42704");
        }
        return Lsn.valueOf(rows.getString(1));
      }
    }
  }

  /** The server's process at the other end of the replication connection; null before. */
  @Nullable Integer backend() {
    return backend;
  }

  void connected(int serverProcess) {
    backend = serverProcess;
    backends.add(serverProcess);
  }

  /** That process, and those of the ordinary connections. */
  Set<Integer> backends() {
    return Set.copyOf(backends);
  }

  WalConnection connect() {
    WalConnection opened = new WalConnection(this);
    connection = opened;
    return opened;
  }

  /** The stream is opened when the snapshot has been read. */
  void opened(WalStream open) {
    stream = open;
  }

  /** The open stream; null before streaming. */
  @Nullable WalStream stream() {
    return stream;
  }

  /** Has failures of the stream reported to {@code receiver}. */
  void reportTo(Consumer<Throwable> receiver) {
    failures = receiver;
  }

  /**
   * Reading the stream has failed. Debezium says so only when its next poll is due, which a
   * listener that is at work may put off for long.
   */
  void failed(Throwable failure) {
    failures.accept(failure);
  }

  void started(WalTapTask started) {
    task = started;
  }

  @Nullable WalTapTask task() {
    return task;
  }
}

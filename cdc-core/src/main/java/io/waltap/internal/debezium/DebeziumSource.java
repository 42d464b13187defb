package io.waltap.internal.debezium;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.internal.engine.ChangeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads a server through the Debezium engine, in this process.
 *
 * <p><b>What Debezium does here:</b> it runs the connector's life (slot, stream, stop), and drives
 * the loop that reads the stream.
 *
 * <p><b>What it does not do here:</b> it decodes no value, keeps no position and confirms none. Its
 * connector gets our {@link WalConnection} in place of its own. The rows of a first snapshot are
 * read as a {@link Snapshot}, then the stream by {@link PgOutputReader}, both into {@link
 * WalQueue}; {@link WalTapTask} hands the queue's content to the engine, as one record a batch; the
 * engine calls {@link #handle}, on the thread that then runs the listeners. So a value stays the
 * text that PostgreSQL sent, and a position moves when our engine says so.
 *
 * <pre>
 * COPY → SnapshotReader ──────────────────┐
 * walsender → WalStream → PgOutputReader ─┴→ WalQueue → WalTapTask → Debezium engine → Receiver
 * </pre>
 */
public final class DebeziumSource implements ChangeSource {

  private static final Logger LOG = LoggerFactory.getLogger(DebeziumSource.class);

  /** What threads get once their connections are closed. */
  private static final Duration LAST_GRACE = Duration.ofSeconds(1);

  private final CdcConfig config;
  private final Session session;
  private final AtomicBoolean reported = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch startedOrEnded = new CountDownLatch(1);
  private @Nullable DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;
  private @Nullable Thread runner;
  private @Nullable Thread closer;

  /**
   * @param resumeFrom the boundary to resume from; null for a first start, which creates the slot
   *     unless it is there, and takes a snapshot unless the configuration says never
   */
  public DebeziumSource(CdcConfig config, Capture capture, @Nullable Lsn resumeFrom) {
    this.config = config;
    this.session = Session.open(config, capture, resumeFrom);
  }

  @Override
  public void start(Receiver receiver) {
    DebeziumEngine<RecordChangeEvent<SourceRecord>> created =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(ConnectorProperties.of(session))
            .using(getClass().getClassLoader())
            .using(onStart(receiver))
            .using((success, message, error) -> completed(receiver, error))
            .notifying(consumer(receiver))
            .build();
    engine = created;
    session.reportTo(failure -> failed(receiver, failure));
    runner = daemon("engine", created);
  }

  private DebeziumEngine.ConnectorCallback onStart(Receiver receiver) {
    return new DebeziumEngine.ConnectorCallback() {
      @Override
      public void taskStarted() {
        if (session.resumeFrom() == null && config.snapshotMode() != SnapshotMode.NEVER) {
          receiver.snapshotting();
        }
      }

      @Override
      public void pollingStarted() {
        startedOrEnded.countDown();
      }
    };
  }

  private void completed(Receiver receiver, @Nullable Throwable error) {
    session.end();
    ended.countDown();
    startedOrEnded.countDown();
    if (!reported.getAndSet(true)) {
      receiver.ended(error == null ? null : new CaptureException(error));
    }
  }

  private void failed(Receiver receiver, Throwable failure) {
    if (!reported.getAndSet(true)) {
      receiver.ended(new CaptureException(failure));
    }
  }

  private DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer(
      Receiver receiver) {
    return new DebeziumEngine.ChangeConsumer<>() {
      // Nothing is ever marked as processed: the engine's own notion of progress is not used.
      @Override
      public void handleBatch(
          List<RecordChangeEvent<SourceRecord>> records,
          RecordCommitter<RecordChangeEvent<SourceRecord>> committer) {
        records.forEach(record -> handle(receiver, record.record().value()));
      }

      @Override
      public boolean supportsTombstoneEvents() {
        return false;
      }
    };
  }

  @SuppressWarnings("unchecked") // the batch that WalTapTask makes
  private void handle(Receiver receiver, Object batch) {
    List<SourceEvent> events = (List<SourceEvent>) batch;
    try {
      if (!session.quiet()) {
        nameThread();
        receiver.deliver(events);
      }
    } finally {
      session.queue().done(events);
    }
  }

  // Debezium's pool calls it pool-N-thread-1; an application should find its listeners in a thread
  // dump.
  private void nameThread() {
    String name = "waltap-" + config.name();
    if (!Thread.currentThread().getName().equals(name)) {
      Thread.currentThread().setName(name);
    }
  }

  @Override
  public void confirm(Lsn lsn) {
    WalStream stream = session.stream();
    if (stream != null) {
      stream.confirm(lsn);
    }
  }

  @Override
  public @Nullable Lsn received() {
    WalStream stream = session.stream();
    return stream == null ? null : stream.received();
  }

  @Override
  public Life life() {
    WalStream stream = session.stream();
    return stream == null ? Life.NONE : stream.life();
  }

  @Override
  public Queue queued() {
    return session.queue().queued();
  }

  @Override
  public @Nullable Integer backend() {
    return session.backend();
  }

  @Override
  public Set<Integer> backends() {
    return session.backends();
  }

  @Override
  public void quiesce() {
    session.quiesce();
  }

  @Override
  public boolean stop(Duration deadline) {
    session.quiesce();
    if (engine != null && ended.getCount() > 0) {
      closer = daemon("close", this::closeEngine);
    }
    boolean clean = engine == null || awaitEnd(deadline);
    session.end(); // frees the slot, and whoever waits for the server
    if (!clean && !awaitEnd(LAST_GRACE)) {
      force();
    }
    return clean;
  }

  // Debezium refuses to close while its task starts, and when it has ended in the meantime.
  private void closeEngine() {
    try {
      startedOrEnded.await();
      if (engine != null && ended.getCount() > 0) {
        engine.close();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | IllegalStateException e) {
      LOG.debug("the engine ended while it was being closed", e);
    }
  }

  private boolean awaitEnd(Duration deadline) {
    try {
      return ended.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  // Its stop job waits behind the listener, on the same thread, and is dropped; so the task is
  // stopped here, and the threads that wait for it are sent home.
  private void force() {
    WalTapTask task = session.task();
    if (task != null) {
      daemon("force", task::stop); // not here: it may wait for the task's start to end
    }
    interrupt(runner);
    interrupt(closer);
  }

  private static void interrupt(@Nullable Thread thread) {
    if (thread != null) {
      thread.interrupt();
    }
  }

  private Thread daemon(String role, Runnable work) {
    Thread thread = new Thread(work, "waltap-" + config.name() + "-" + role);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}

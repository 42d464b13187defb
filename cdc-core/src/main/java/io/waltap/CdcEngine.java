package io.waltap;

import io.waltap.config.CdcConfig;
import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.deadletter.JdbcDeadLetters.DeadLetter;
import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.dispatch.Listeners;
import io.waltap.internal.dispatch.Listeners.MessageRoute;
import io.waltap.internal.dispatch.Subscription;
import io.waltap.internal.engine.Engine;
import io.waltap.listener.BatchListener;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.JdbcListener;
import io.waltap.listener.MessageListener;
import io.waltap.listener.SchemaListener;
import io.waltap.listener.SlotListener;
import io.waltap.listener.TransactionListener;
import io.waltap.offset.FileOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.preflight.PreflightReport;
import io.waltap.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Captures changes of a PostgreSQL database and hands them to listeners in this process.
 *
 * <pre>{@code
 * CdcConfig config = CdcConfig.postgres("jdbc:postgresql://localhost:5432/shop", "cdc", "secret");
 *
 * try (CdcEngine engine = CdcEngine.builder(config)
 *     .listen(Table.of("public.orders", Order.class), change -> System.out.println(change))
 *     .start()) {
 *   engine.awaitStopped();
 * }
 * }</pre>
 *
 * <p>On its first start an engine creates its replication slot and delivers the rows that exist,
 * then streams. Later starts resume where the stored position says. A running engine goes on by
 * itself after a lost connection, in the state {@link EngineState#RECONNECTING} meanwhile; only
 * what will not pass ends it. An engine runs once; build another to run again.
 *
 * <p>All methods may be called from any thread.
 */
public final class CdcEngine implements AutoCloseable {

  private final Engine engine;

  private CdcEngine(Engine engine) {
    this.engine = engine;
  }

  /** Begins to describe an engine. */
  public static Builder builder(CdcConfig config) {
    return new Builder(config);
  }

  /**
   * Looks for all that would keep an engine for all tables of the publication from starting, and
   * for what is worth a warning, within about 10 s, as {@link Builder#start()} does. Creates and
   * locks nothing, and may be called while an engine runs: that one holds the slot, which is told.
   */
  public static PreflightReport check(CdcConfig config) {
    return builder(config).listenAll(change -> {}).check();
  }

  /** What the engine is doing. */
  public EngineState state() {
    return engine.state();
  }

  /** What the engine is doing, since when, and how far it has come. */
  public EngineStatus status() {
    return EngineStatus.of(engine);
  }

  /** Why the engine is in state {@link EngineState#FAILED}; empty in any other state. */
  public Optional<CdcException> failure() {
    return engine.state() == EngineState.FAILED
        ? Optional.ofNullable(engine.failure()).map(Failures::stopped)
        : Optional.empty();
  }

  /**
   * Lets no further change begin, until {@link #resume}. What listeners are at goes on; some
   * thousand changes more are received, then the server keeps its log. Connections and heartbeats
   * stay. Again does nothing.
   */
  public void pause() {
    engine.flow().pause();
  }

  /**
   * Gives a dead letter to its listener again, once, and before it those that it waits behind.
   * Between two transactions; nothing else is delivered meanwhile. Not for listeners.
   *
   * @return whether it was accepted, or is there no more; if not, the letter that was refused has
   *     the error
   * @throws IllegalStateException if the engine has no dead letters, is paused or does not run
   * @throws CdcException if the dead letters cannot be read or written
   */
  public boolean replay(DeadLetter letter) throws InterruptedException {
    return Failures.unchecked(() -> engine.replay(letter));
  }

  /** The same for all dead letters of its listeners; tells how many were accepted. */
  public int replayAll() throws InterruptedException {
    return Failures.unchecked(engine::replayAll);
  }

  /** Ends a {@link #pause}. */
  public void resume() {
    engine.flow().resume();
  }

  /**
   * Waits until the snapshot, if one is taken, is delivered and the stream is open; false if that
   * took longer, or the engine was closed.
   *
   * @throws CdcException if the engine failed
   */
  public boolean awaitStreaming(Duration timeout) throws InterruptedException {
    boolean streaming = engine.awaitStreaming(timeout);
    throwIfFailed();
    return streaming;
  }

  /**
   * Waits until every change that was committed before a position was accepted by its listener. A
   * transaction that has just committed lies before {@code SELECT pg_current_wal_lsn()}. Not for
   * listeners, which would wait for themselves.
   *
   * @return false if that took longer, or the engine was closed
   * @throws CdcException if the engine failed
   */
  public boolean awaitProcessed(Lsn lsn, Duration timeout) throws InterruptedException {
    boolean processed = engine.awaitProcessed(lsn, timeout);
    if (!processed) {
      throwIfFailed();
    }
    return processed;
  }

  /**
   * Waits until the engine was closed and state listeners were told. Not for listeners: the engine
   * waits for them.
   *
   * @throws CdcException if the engine failed
   */
  public void awaitStopped() throws InterruptedException {
    engine.awaitStopped();
    throwIfFailed();
  }

  private void throwIfFailed() {
    Optional<CdcException> failure = failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
  }

  /**
   * Stops. The transaction at hand, and what workers and batches have, is finished and recorded,
   * within {@link CdcConfig#stopTimeout()}; then all connections are closed, even if a listener
   * hangs. The slot stays, so that the next start resumes.
   *
   * <p>Returns when that is done and state listeners were told, at most that long again; called by
   * a listener, at once, and the engine stops after it has returned. Closing again does nothing.
   */
  @Override
  public void close() {
    engine.close();
  }

  /**
   * Describes an engine: its configuration is data, here is behaviour. What is said of a listener,
   * such as {@link #workers}, is said of the one that was named last. Not for several threads.
   */
  public static final class Builder {

    private final CdcConfig config;
    private final Subscriptions subscriptions = new Subscriptions();
    private final List<EngineListener> engineListeners = new ArrayList<>();
    private final List<SlotListener> slotListeners = new ArrayList<>();
    private final List<MessageRoute> messages = new ArrayList<>();
    private final List<SchemaListener> schemas = new ArrayList<>();
    private @Nullable OffsetStore offsets;
    private @Nullable Executor executor;
    private @Nullable JdbcDeadLetters letters;

    private Builder(CdcConfig config) {
      this.config = Objects.requireNonNull(config, "config");
    }

    /**
     * Has the changes of a table delivered to a listener. A table may have several; each gets every
     * change, in the order in which they were named.
     */
    public <T> Builder listen(Table<T> table, ChangeListener<? super T> listener) {
      subscriptions.add(table, Subscription.each(listener));
      return this;
    }

    /**
     * Has the changes of a table delivered to a listener whose effects in its database commit
     * together with the position. Needs {@link #offsets} with a {@link
     * io.waltap.offset.JdbcOffsetStore} in that database.
     */
    public <T> Builder listenEffectivelyOnce(Table<T> table, JdbcListener<? super T> listener) {
      subscriptions.add(table, Subscription.connected(listener));
      return this;
    }

    /**
     * Has the changes of a table delivered to a listener several at a time: up to 1,000, or what
     * has come within 50 ms, unless {@link #batches} says otherwise.
     */
    public <T> Builder listenInBatches(Table<T> table, BatchListener<? super T> listener) {
      subscriptions.add(table, Subscription.batches(listener));
      return this;
    }

    /**
     * Has the changes of every table of the publication that has no listener of its own delivered
     * to this one. The snapshot reads those that the publication has when the engine starts; the
     * stream delivers those that it gets later as well. There may be several such listeners.
     */
    public Builder listenAll(ChangeListener<? super Row> listener) {
      subscriptions.addRest(Subscription.each(listener));
      return this;
    }

    /**
     * Has transactions delivered to a listener, each as a unit; up to 10,000 changes of it at a
     * time, unless {@link #pieces} says otherwise, and fewer if these hold more than {@link
     * CdcConfig#maxQueueBytes}.
     *
     * @param tables of which it gets the changes, and what their rows become; none for all tables
     *     of the publication, with rows as they are
     */
    public Builder onTransaction(TransactionListener listener, Table<?>... tables) {
      subscriptions.addTransactions(listener, List.of(tables));
      return this;
    }

    /**
     * Has the listener called on several threads at once. Changes of one key stay in order, those
     * of different keys do not; nothing overtakes a truncate, nor a changed key on either side. One
     * change that takes long holds up its own key only, and the position. A table without a key
     * gains nothing.
     *
     * @param count how many calls at once, at least 1
     */
    public Builder workers(int count) {
      subscriptions.workers(count);
      return this;
    }

    /**
     * Sets how large batches are.
     *
     * @param most how many changes one has at most, at least 1
     * @param within how long its first change waits for others at most
     */
    public Builder batches(int most, Duration within) {
      subscriptions.batches(most, within);
      return this;
    }

    /**
     * Sets how many changes of a transaction its listener gets at once.
     *
     * @param most at least 1
     */
    public Builder pieces(int most) {
      subscriptions.pieces(most);
      return this;
    }

    /** Has what the listener does not accept treated by a handler; else the engine stops. */
    public Builder onFailure(FailureHandler handler) {
      subscriptions.onFailure(handler);
      return this;
    }

    /** Gives the listener changes of these operations only. */
    public Builder only(Operation first, Operation... others) {
      subscriptions.only(EnumSet.of(first, others));
      return this;
    }

    /**
     * Gives the listener an update only if it changed one of these columns. An update that does not
     * tell the old row is given in any case, so this wants {@code REPLICA IDENTITY FULL}; other
     * operations are not concerned.
     *
     * @param columns as the catalog names them
     */
    public Builder whenChanged(String... columns) {
      subscriptions.whenChanged(List.of(columns));
      return this;
    }

    /**
     * Has workers and batches run by this executor, such as one of virtual threads. Without one,
     * the engine has daemon threads of its own, named after it. The engine does not shut it down;
     * if it takes no more work, the engine stops.
     */
    public Builder executor(Executor executor) {
      this.executor = Objects.requireNonNull(executor, "executor");
      return this;
    }

    /** Parks there what failure handlers say is to be parked. The engine does not close it. */
    public Builder deadLetters(JdbcDeadLetters letters) {
      this.letters = Objects.requireNonNull(letters, "letters");
      return this;
    }

    /** Has logical messages delivered to a listener, whatever their prefix. */
    public Builder onMessage(MessageListener listener) {
      messages.add(new MessageRoute(null, Objects.requireNonNull(listener, "listener")));
      return this;
    }

    /**
     * Has logical messages of one prefix delivered to a listener.
     *
     * @param prefix the whole prefix, exactly as it was given to {@code pg_logical_emit_message}
     */
    public Builder onMessage(String prefix, MessageListener listener) {
      messages.add(
          new MessageRoute(
              Objects.requireNonNull(prefix, "prefix"),
              Objects.requireNonNull(listener, "listener")));
      return this;
    }

    /** Has a listener told of new columns, types and keys of the tables listened to. */
    public Builder onSchemaChange(SchemaListener listener) {
      schemas.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Has a listener told of the engine's states. */
    public Builder onState(EngineListener listener) {
      engineListeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Has a listener told when the log kept passes 50 % and 80 % of the configured budget. */
    public Builder onRetainedWal(SlotListener listener) {
      slotListeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Keeps the position in this store, not in {@link CdcConfig#offsetFile()}. */
    public Builder offsets(OffsetStore store) {
      this.offsets = Objects.requireNonNull(store, "store");
      return this;
    }

    /** As {@link CdcEngine#check}, for the tables, records and beans listened to, and the store. */
    public PreflightReport check() {
      return starter().check();
    }

    /**
     * Checks the server, logs what is worth a warning, starts the engine, and returns when rows are
     * being read or the stream is open. Creating the slot waits for transactions that are running
     * on the server.
     *
     * @throws CdcException naming everything that is wrong, each with what mends it
     * @throws InterruptedException if the thread was interrupted; nothing is left running
     */
    public CdcEngine start() throws InterruptedException {
      Connections.warnIfUnprotected(config);
      return new CdcEngine(starter().start());
    }

    private Starter starter() {
      OffsetStore store = offsets != null ? offsets : new FileOffsetStore(config.offsetFile());
      Listeners listeners = new Listeners(subscriptions.all(), messages, schemas);
      return new Starter(
          config, listeners, engineListeners, slotListeners, store, executor, letters);
    }
  }
}

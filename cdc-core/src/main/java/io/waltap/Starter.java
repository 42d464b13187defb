package io.waltap;

import io.waltap.config.CdcConfig;
import io.waltap.config.UnchangedPolicy;
import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.internal.debezium.Heartbeat;
import io.waltap.internal.dispatch.Delivering;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.Listeners;
import io.waltap.internal.engine.Engine;
import io.waltap.internal.engine.Sources;
import io.waltap.listener.EngineListener;
import io.waltap.listener.SlotListener;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.offset.OffsetStore;
import io.waltap.preflight.PreflightReport;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Wires one engine and gets it running. */
final class Starter {

  /** Long, because a new slot waits until every transaction that is running has ended. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final CdcConfig config;
  private final Listeners listeners;
  private final List<EngineListener> engineListeners;
  private final List<SlotListener> slotListeners;
  private final OffsetStore store;
  private final @Nullable Executor executor;
  private final @Nullable JdbcDeadLetters letters;

  Starter(
      CdcConfig config,
      Listeners listeners,
      List<EngineListener> engineListeners,
      List<SlotListener> slotListeners,
      OffsetStore store,
      @Nullable Executor executor,
      @Nullable JdbcDeadLetters letters) {
    this.config = config;
    this.listeners =
        config.unchanged() == UnchangedPolicy.NULL ? listeners.unchangedAsNull() : listeners;
    this.engineListeners = List.copyOf(engineListeners);
    this.slotListeners = List.copyOf(slotListeners);
    this.store = store;
    this.executor = executor;
    this.letters = letters;
  }

  /** Looks for everything that would keep the engine from starting, and changes nothing. */
  PreflightReport check() {
    return new ServerSources(config, listeners, store).report();
  }

  Engine start() throws InterruptedException {
    Engine engine;
    try {
      engine = open();
    } catch (IOException | SQLException e) {
      throw Failures.notStarted(e);
    }
    run(engine);
    return engine;
  }

  private Engine open() throws IOException, SQLException {
    Dispatcher dispatcher = new Dispatcher(listeners, delivering());
    ServerSources sources = new ServerSources(config, listeners, store);
    try {
      return engine(dispatcher, sources, sources.first());
    } catch (Throwable e) { // whatever it is: there is no engine that would close the store
      closeStore(e);
      throw e;
    }
  }

  private Delivering delivering() throws IOException {
    Delivering plain =
        Delivering.of(
            config.name(),
            executor,
            config.maxQueueSize(),
            config.maxQueueBytes(),
            store instanceof JdbcOffsetStore effects ? effects::connection : null);
    return letters == null ? plain : plain.parkingIn(letters);
  }

  private void closeStore(Throwable failure) {
    try {
      store.close();
    } catch (IOException | RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private Engine engine(Dispatcher dispatcher, ServerSources sources, Sources.Opened first) {
    return new Engine(
        new Engine.Wiring(
            config.name(),
            first,
            sources,
            dispatcher,
            store,
            engineListeners,
            config.stopTimeout(),
            new Heartbeat(config),
            Heartbeat.interval(config),
            config.walBudget(),
            slotListeners));
  }

  private static void run(Engine engine) throws InterruptedException {
    boolean started = false;
    try {
      started = engine.start(START_TIMEOUT);
    } finally {
      if (!started) {
        engine.close();
      }
    }
    if (!started) {
      throw Failures.notStarted(failureOf(engine));
    }
  }

  private static Throwable failureOf(Engine engine) {
    @Nullable Throwable failure = engine.failure();
    return failure != null
        ? failure
        : new IllegalStateException(
            "the replication slot could not be created within "
                + START_TIMEOUT.toMinutes()
                + " minutes, because a transaction is open on the server; see pg_stat_activity");
  }
}

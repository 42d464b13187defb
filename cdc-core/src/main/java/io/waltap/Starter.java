package io.waltap;

import io.waltap.config.CdcConfig;
import io.waltap.config.UnchangedPolicy;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.debezium.Capture;
import io.waltap.internal.debezium.DebeziumSource;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.Listeners;
import io.waltap.internal.engine.ChangeSource;
import io.waltap.internal.engine.Engine;
import io.waltap.internal.preflight.Preflight;
import io.waltap.internal.preflight.ServerFacts;
import io.waltap.internal.preflight.StartPoint;
import io.waltap.listener.EngineListener;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import io.waltap.preflight.Problem;
import io.waltap.table.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Wires one engine and gets it running: checks, decides where to begin, starts. */
final class Starter {

  /** Long, because a new slot waits until every transaction that is running has ended. */
  private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

  private final CdcConfig config;
  private final Listeners listeners;
  private final List<EngineListener> engineListeners;
  private final OffsetStore store;

  Starter(
      CdcConfig config,
      Listeners listeners,
      List<EngineListener> engineListeners,
      OffsetStore store) {
    this.config = config;
    this.listeners =
        config.unchanged() == UnchangedPolicy.NULL ? listeners.unchangedAsNull() : listeners;
    this.engineListeners = engineListeners;
    this.store = store;
  }

  Engine start() throws InterruptedException {
    List<Problem> problems = new ArrayList<>();
    if (listeners.isEmpty()) {
      problems.add(
          new Problem(
              "No table is listened to.", "Call listen(Table.of(\"schema.table\"), listener)."));
    }
    Dispatcher dispatcher = new Dispatcher(listeners);
    Preflight.Result check = Preflight.run(config, tables(), listeners.rest() != null);
    problems.addAll(check.problems());
    // A store that is opened may shut out whoever used it before: not for a start that fails.
    Optional<Offset> stored = problems.isEmpty() ? openStore(problems) : Optional.empty();
    ServerFacts facts = check.facts();
    StartPoint start =
        facts == null || !problems.isEmpty()
            ? null
            : StartPoint.decide(config, stored, facts, store.toString(), problems::add);
    if (start == null || !problems.isEmpty()) {
      closeStore();
      throw new CdcException(problems);
    }
    return run(
        dispatcher,
        start,
        new Capture(check.tables(), listeners.rest() != null, !listeners.messages().isEmpty()));
  }

  private List<Table<?>> tables() {
    List<Table<?>> tables = new ArrayList<>();
    listeners.routes().forEach(route -> tables.add(route.table()));
    return tables;
  }

  private Optional<Offset> openStore(List<Problem> problems) {
    try {
      return store.open();
    } catch (IOException e) {
      problems.add(
          new Problem(
              String.valueOf(e.getMessage()),
              "Give another file with offsetFile(…), or another store with offsets(…)."));
      return Optional.empty();
    }
  }

  private void closeStore() {
    try {
      store.close();
    } catch (IOException e) {
      throw new CdcException("the offset store did not close: " + e.getMessage(), e);
    }
  }

  private Engine run(Dispatcher dispatcher, StartPoint start, Capture capture)
      throws InterruptedException {
    try {
      prepare(start);
    } catch (IOException | SQLException e) {
      closeStore();
      throw Failures.notStarted(e);
    }
    ChangeSource source = new DebeziumSource(config, capture, start.offset().lsn());
    Engine engine =
        new Engine(
            config.name(),
            source,
            dispatcher,
            store,
            start.offset(),
            engineListeners,
            config.stopTimeout());
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
    return engine;
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

  // The mark first: if we die between here and the end of the snapshot, the next start begins it
  // again.
  private void prepare(StartPoint start) throws IOException, SQLException {
    if (start.offset().snapshotUnfinished()) {
      store.save(start.offset());
    }
    if (start.dropSlot()) {
      try (Connection connection = Connections.open(config);
          PreparedStatement drop =
              connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
        drop.setString(1, config.slot());
        drop.execute();
      }
    }
  }
}

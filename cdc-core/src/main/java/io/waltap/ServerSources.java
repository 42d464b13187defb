package io.waltap;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.connection.Transience;
import io.waltap.internal.debezium.Capture;
import io.waltap.internal.debezium.DebeziumSource;
import io.waltap.internal.dispatch.Listeners;
import io.waltap.internal.engine.Sources;
import io.waltap.internal.engine.UnavailableException;
import io.waltap.internal.preflight.Preflight;
import io.waltap.internal.preflight.ServerFacts;
import io.waltap.internal.preflight.StartPoint;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import io.waltap.preflight.PreflightReport;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the sources of one engine: the first one, and others after failures. Each time it looks at
 * the server first, with the same checks, so that what a stream only reports as broken gets a name
 * and a remedy.
 */
final class ServerSources implements Sources {

  private static final Logger LOG = LoggerFactory.getLogger(ServerSources.class);

  /** What a running engine waits for to pass; everything else that the checks find lasts. */
  private static final Set<Code> PASSING =
      EnumSet.of(Code.SLOT_IN_USE, Code.NO_FREE_WAL_SENDER, Code.CONNECTION_LIMIT);

  /**
   * What may be found of a standby while a server fails over: its address leads to another one
   * soon, or it is promoted. Of a position that does not fit, nothing is hoped.
   */
  private static final Set<Code> OF_A_STANDBY =
      EnumSet.of(Code.STANDBY, Code.SLOT_MISSING, Code.SLOT_LOST);

  /** How long that is hoped; a standby that lasts longer was meant to be one. */
  private static final Duration FAILOVER = Duration.ofMinutes(5);

  private static final Set<Code> UNUSABLE_SLOT =
      EnumSet.of(
          Code.SLOT_IN_USE,
          Code.SLOT_LOST,
          Code.SLOT_OF_ANOTHER_DATABASE,
          Code.SLOT_OF_ANOTHER_KIND);

  // A number may have been given to somebody else's process since.
  private static final String END =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
          + " WHERE pid = ANY (?) AND usename = current_user"
          + " AND application_name = current_setting('application_name')";

  /** The columns that a table for heartbeats has to have. */
  private record HeartbeatRow(String engine, long beat) {}

  /** Where a stored position comes from, given whether nothing speaks against a start so far. */
  private interface Stored {
    Optional<Offset> get(boolean usable) throws IOException;
  }

  /**
   * What one look found.
   *
   * @param start where to begin; null if that could not be said
   */
  private record Look(List<Problem> problems, Preflight.Result check, @Nullable StartPoint start) {

    List<Problem> errors() {
      return problems.stream().filter(Problem::isError).toList();
    }
  }

  private final CdcConfig config;
  private final Listeners listeners;
  private final OffsetStore store;
  private @Nullable Offset offset;
  private boolean primary; // whether the last source read one

  ServerSources(CdcConfig config, Listeners listeners, OffsetStore store) {
    this.config = config;
    this.listeners = listeners;
    this.store = store;
  }

  /** Looks at the server and at the store, and changes nothing. */
  PreflightReport report() {
    Look look = look(usable -> store.peek());
    return new PreflightReport(look.problems(), look.check().seen());
  }

  /** Opens the store and makes the first source. */
  Opened first() throws IOException, SQLException {
    // A store that is opened may shut out whoever used it before: not for a start that fails.
    Look look = look(usable -> usable ? store.open() : store.peek());
    look.problems().stream()
        .filter(problem -> !problem.isError())
        .forEach(problem -> LOG.warn("{}", problem));
    StartPoint start = look.start();
    if (start == null || !look.errors().isEmpty()) {
      throw new CdcException(look.errors());
    }
    return open(start, look.check());
  }

  @Override
  public Opened reopen(Throwable failure, @Nullable Lsn resumeFrom, Set<Integer> lost)
      throws Exception {
    if (!lost.isEmpty()) {
      end(lost);
    }
    Look look = look(usable -> Optional.of(Objects.requireNonNull(offset).at(resumeFrom)));
    if (Transience.of(look.check().failure())) {
      throw new UnavailableException(new CdcException(look.problems(), look.check().failure()));
    }
    StartPoint start = look.start();
    if (start == null || !look.errors().isEmpty()) {
      throw obstacle(look, new CdcException(look.errors(), failure));
    }
    boolean anew = resumeFrom != null && start.offset().snapshotUnfinished();
    if (!Transience.of(failure) && !anew) {
      throw Failures.stopped(failure);
    }
    try {
      return open(start, look.check());
    } catch (SQLException e) {
      throwIfPassing(e);
      throw e;
    }
  }

  private Exception obstacle(Look look, CdcException found) {
    Set<Code> lasting = look.errors().stream().map(Problem::code).collect(Collectors.toSet());
    lasting.removeAll(PASSING);
    if (lasting.isEmpty()) {
      return new UnavailableException(found);
    }
    return failsOver(look.check()) && OF_A_STANDBY.containsAll(lasting)
        ? new UnavailableException(found, FAILOVER)
        : found;
  }

  /** Whether there is a standby where there was a primary. */
  private boolean failsOver(Preflight.Result check) {
    return primary && isStandby(check);
  }

  private static boolean isStandby(Preflight.Result check) {
    return check.seen() != null && check.seen().server().standby();
  }

  private static void throwIfPassing(SQLException failure) throws UnavailableException {
    if (Transience.of(failure)) {
      throw new UnavailableException(failure);
    }
  }

  private Look look(Stored stored) {
    List<Problem> problems = new ArrayList<>();
    if (listeners.isEmpty()) {
      problems.add(
          new Problem(
              Code.NO_LISTENER,
              "No table is listened to.",
              "Call listen(Table.of(\"schema.table\"), listener)."));
    }
    if (listeners.areTransactional() && !(store instanceof JdbcOffsetStore)) {
      problems.add(
          new Problem(
              Code.OFFSET_STORE,
              "A JdbcListener needs a store that commits its effects together with the position.",
              "Call offsets(JdbcOffsetStore.builder(dataSource::getConnection, \"name\").build())"
                  + " with the database that it writes to."));
    }
    Preflight.Result check = Preflight.run(config, tables(), listeners.wantAll());
    problems.addAll(check.problems());
    StartPoint start = null;
    try {
      start = decide(check, stored.get(problems.stream().noneMatch(Problem::isError)), problems);
    } catch (IOException e) {
      problems.add(
          new Problem(
              Code.OFFSET_STORE,
              String.valueOf(e.getMessage()),
              "Give another file with offsetFile(…), or another store with offsets(…)."));
    } catch (UnsupportedOperationException e) {
      LOG.debug("{} is not checked", store, e);
    }
    return new Look(problems, check, start);
  }

  // A slot that is not ours to use says nothing about the position.
  private @Nullable StartPoint decide(
      Preflight.Result check, Optional<Offset> stored, List<Problem> problems) {
    ServerFacts facts = check.facts();
    return facts == null || problems.stream().map(Problem::code).anyMatch(UNUSABLE_SLOT::contains)
        ? null
        : StartPoint.decide(deciding(check), stored, facts, store.toString(), problems::add);
  }

  // A standby in place of the primary is no reason to begin again.
  private CdcConfig deciding(Preflight.Result check) {
    return failsOver(check) && config.snapshotMode() == SnapshotMode.WHEN_NEEDED
        ? config.toBuilder().snapshotMode(SnapshotMode.INITIAL).build()
        : config;
  }

  private List<Table<?>> tables() {
    List<Table<?>> tables = new ArrayList<>();
    tables.addAll(listeners.tables());
    String heartbeats = config.heartbeatTable();
    if (heartbeats != null) {
      tables.add(Table.of(heartbeats, HeartbeatRow.class));
    }
    return tables;
  }

  // The mark first: if we die between here and the end of the snapshot, the next start begins it
  // again.
  private Opened open(StartPoint start, Preflight.Result check) throws IOException, SQLException {
    if (start.offset().snapshotUnfinished()) {
      store.save(start.offset());
    }
    if (start.dropSlot()) {
      drop();
    }
    offset = start.offset();
    primary = !isStandby(check);
    Set<TableId> tables = new HashSet<>(check.tables());
    String heartbeats = config.heartbeatTable();
    if (heartbeats != null) {
      tables.remove(TableId.parse(heartbeats));
    }
    Capture capture = new Capture(tables, listeners.wantAll());
    return new Opened(new DebeziumSource(config, capture, start.offset().lsn()), start.offset());
  }

  private void drop() throws SQLException {
    try (Connection connection = Connections.ask(config);
        PreparedStatement drop =
            connection.prepareStatement("SELECT pg_drop_replication_slot(?)")) {
      drop.setString(1, config.slot());
      drop.execute();
    }
  }

  // After a line was cut without a word, the server holds the slot for a process that talks to
  // nobody until wal_sender_timeout, and transactions of others, whose end a new slot would wait
  // for. They are ours, so they may be ended.
  private void end(Set<Integer> processes) throws UnavailableException {
    try (Connection connection = Connections.ask(config);
        PreparedStatement end = connection.prepareStatement(END)) {
      end.setArray(1, connection.createArrayOf("int4", processes.toArray()));
      end.execute();
    } catch (SQLException e) {
      throwIfPassing(e);
      LOG.debug("the server's processes {} could not be ended", processes, e);
    }
  }
}

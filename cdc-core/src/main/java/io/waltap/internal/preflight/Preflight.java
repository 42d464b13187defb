package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.decode.Conversions;
import io.waltap.internal.preflight.MessageCheck.Emission;
import io.waltap.internal.preflight.SettingsCheck.Settings;
import io.waltap.preflight.PreflightFacts;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import io.waltap.table.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks, before an engine starts, for everything that would keep it from working, and changes
 * nothing. Debezium logs most of it and fails later, one thing at a time and minutes in; here all
 * of it is told at once, each thing with the statement that mends it.
 *
 * <p>One connection, a handful of catalog queries however many tables there are, one span of time
 * for all. If there is no connection, or the server is too old to be asked the rest, that is the
 * only problem.
 */
public final class Preflight {

  private static final Duration BUDGET = Duration.ofSeconds(10);

  /**
   * What was found.
   *
   * @param problems all that is wrong; without an error among them an engine can start
   * @param facts what the server is; null if it could not be asked everything
   * @param tables those listened to, and all others of the publication if asked for
   * @param seen what is worth showing; null if the server could not be asked everything
   * @param failure why there was no connection, or no answer; null if there was
   */
  public record Result(
      List<Problem> problems,
      @Nullable ServerFacts facts,
      Set<TableId> tables,
      @Nullable PreflightFacts seen,
      @Nullable SQLException failure) {}

  private final CdcConfig config;
  private final List<Table<?>> tables;
  private final boolean others;
  private final List<Problem> problems = new ArrayList<>();
  private @Nullable PreflightFacts seen;

  private Preflight(CdcConfig config, List<Table<?>> tables, boolean others) {
    this.config = config;
    this.tables = new ArrayList<>(tables);
    this.others = others;
  }

  /** Checks the server for an engine that listens to the tables; takes at most 10 s. */
  public static Result run(CdcConfig config, List<Table<?>> tables) {
    return run(config, tables, false);
  }

  /**
   * The same.
   *
   * @param others whether all other tables of the publication are listened to as well
   */
  public static Result run(CdcConfig config, List<Table<?>> tables, boolean others) {
    return run(config, tables, others, BUDGET);
  }

  static Result run(CdcConfig config, List<Table<?>> tables, boolean others, Duration budget) {
    long deadline = System.nanoTime() + budget.toNanos();
    try (Connection connection = Connections.ask(config)) {
      return new Preflight(config, tables, others).inspect(connection, deadline);
    } catch (SQLException e) {
      return new Result(List.of(ConnectionCheck.problem(config, e)), null, Set.of(), null, e);
    }
  }

  private Result inspect(Connection connection, long deadline) {
    ServerFacts facts = null;
    SQLException failure = null;
    try {
      facts = inspect(new Catalog(connection, deadline));
    } catch (SQLException e) {
      failure = e;
      problems.add(
          new Problem(
              Code.CATALOG_UNREADABLE,
              "The server did not answer a question about its catalogs: "
                  + ConnectionCheck.said(e, config)
                  + ".",
              "Look for what blocks it: SELECT pid, query FROM pg_stat_activity WHERE"
                  + " cardinality(pg_blocking_pids(pid)) > 0;"));
    }
    Set<TableId> captured = tables.stream().map(Table::id).collect(Collectors.toSet());
    return new Result(problems.stream().distinct().toList(), facts, captured, seen, failure);
  }

  private @Nullable ServerFacts inspect(Catalog catalog) throws SQLException {
    problems.addAll(ServerCheck.tooOld(catalog.version()));
    if (!problems.isEmpty()) {
      return null;
    }
    ServerCheck.Server server = ServerCheck.read(catalog);
    problems.addAll(ServerCheck.problems(server));
    Settings settings = SettingsCheck.read(catalog);
    problems.addAll(SettingsCheck.problems(settings, server.role()));
    Emission emission = MessageCheck.read(catalog);
    problems.addAll(MessageCheck.problems(emission, server.role()));
    SlotCheck.Found slot = SlotCheck.read(catalog, config.slot());
    Room room = Room.read(catalog);
    slot(catalog, server, slot, room);
    Published publication = Published.read(catalog, config.publication());
    List<RowImage> images = tables(catalog, server, slot, publication);
    ServerFacts facts =
        new ServerFacts(
            server.systemIdentifier(),
            server.version(),
            server.timeline(),
            server.current(),
            slot == null ? null : slot.slot());
    seen =
        new PreflightFacts(
            facts(server, settings, room),
            new PreflightFacts.Role(
                server.role(),
                room.superuser(),
                server.mayReplicate(),
                emission.allowed(),
                room.ofRole()),
            slot == null ? null : slot.facts(config.slot()),
            publication == null ? null : publication.facts(),
            images.stream().map(image -> image.facts(publication)).distinct().toList(),
            settings.session());
    return facts;
  }

  private static PreflightFacts.Server facts(
      ServerCheck.Server server, Settings settings, Room room) {
    return new PreflightFacts.Server(
        settings.version(),
        server.systemIdentifier(),
        server.standby(),
        server.database(),
        server.encoding(),
        server.walLevel(),
        room.slots(),
        room.senders(),
        room.connections(),
        settings.maxSlotWalKeepSize(),
        settings.walSenderTimeout());
  }

  private void slot(
      Catalog catalog, ServerCheck.Server server, SlotCheck.@Nullable Found slot, Room room)
      throws SQLException {
    if (slot == null) {
      problems.addAll(WaitsCheck.problems(catalog));
    } else {
      problems.addAll(SlotCheck.problems(config, slot));
    }
    problems.addAll(
        room.problems(
            server.role(),
            slot == null ? config.slot() : "",
            slot == null || !slot.slot().active(),
            config.snapshotThreads()));
  }

  private void addOthers(@Nullable Published publication) {
    if (publication == null) {
      return;
    }
    Set<TableId> known = tables.stream().map(Table::id).collect(Collectors.toSet());
    publication.tables().stream()
        .filter(table -> !known.contains(table))
        .forEach(table -> tables.add(Table.of(table.quoted())));
    if (tables.isEmpty() && !publication.allTables()) {
      problems.add(
          new Problem(
              Code.PUBLICATION_EMPTY,
              "The publication " + config.publication() + " contains no table.",
              "ALTER PUBLICATION "
                  + Names.quote(config.publication())
                  + " ADD TABLE schema.table;"));
    }
  }

  private List<RowImage> tables(
      Catalog catalog,
      ServerCheck.Server server,
      SlotCheck.@Nullable Found slot,
      @Nullable Published publication)
      throws SQLException {
    if (others) {
      addOthers(publication);
    }
    List<LiveTable> live = LiveTable.read(catalog, tables);
    List<RowImage> images = RowImage.read(catalog, live);
    String usedSlot = slot == null ? null : config.slot();
    problems.addAll(
        PublicationCheck.problems(catalog, config.publication(), publication, usedSlot, images));
    problems.addAll(MissingTables.problems(catalog, live));
    each(live, server.role());
    problems.addAll(RowImage.problems(images, publication));
    return images;
  }

  private void each(List<LiveTable> live, String role) {
    ComponentCheck components =
        new ComponentCheck(
            (column, type) -> Conversions.supports(column.type(), column.kind(), type));
    for (LiveTable table : live) {
      if (table.exists()) {
        problems.addAll(TableCheck.problems(table, config.snapshotMode(), role));
      }
      if (table.isTable()) {
        problems.addAll(components.problems(table.id(), table.components(), table.columns()));
      }
    }
  }
}

package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.decode.Conversions;
import io.waltap.preflight.Problem;
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

  private static final String PUBLISHED =
      "SELECT schemaname, tablename FROM pg_publication_tables WHERE pubname = ? ORDER BY 1, 2";

  private static final String EMPTY =
      "SELECT FROM pg_publication WHERE pubname = ? AND NOT puballtables";

  private static final Duration BUDGET = Duration.ofSeconds(10);

  /**
   * What was found.
   *
   * @param problems all that is wrong; empty if an engine can start
   * @param facts what the server is; null if it could not be asked everything
   * @param tables those listened to, and all others of the publication if asked for
   */
  public record Result(List<Problem> problems, @Nullable ServerFacts facts, Set<TableId> tables) {}

  private final CdcConfig config;
  private final List<Table<?>> tables;
  private final boolean others;
  private final List<Problem> problems = new ArrayList<>();

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
    try (Connection connection = Connections.open(config)) {
      return new Preflight(config, tables, others).inspect(connection, deadline);
    } catch (SQLException e) {
      return new Result(List.of(ConnectionCheck.problem(config, e)), null, Set.of());
    }
  }

  private Result inspect(Connection connection, long deadline) {
    ServerFacts facts = null;
    try {
      facts = inspect(new Catalog(connection, deadline));
    } catch (SQLException e) {
      problems.add(
          new Problem(
              "The server did not answer a question about its catalogs: "
                  + ConnectionCheck.said(e, config)
                  + ".",
              "Look for what blocks it: SELECT pid, query FROM pg_stat_activity WHERE"
                  + " cardinality(pg_blocking_pids(pid)) > 0;"));
    }
    Set<TableId> captured = tables.stream().map(Table::id).collect(Collectors.toSet());
    return new Result(problems.stream().distinct().toList(), facts, captured);
  }

  private @Nullable ServerFacts inspect(Catalog catalog) throws SQLException {
    problems.addAll(ServerCheck.tooOld(catalog.version()));
    if (!problems.isEmpty()) {
      return null;
    }
    ServerCheck.Server server = ServerCheck.read(catalog);
    problems.addAll(ServerCheck.problems(server));
    SlotCheck.Found slot = SlotCheck.read(catalog, config.slot());
    problems.addAll(SlotCheck.problems(catalog, config, slot));
    tables(catalog, server, slot);
    return new ServerFacts(
        server.systemIdentifier(),
        server.version(),
        server.timeline(),
        server.current(),
        slot == null ? null : slot.slot());
  }

  private void addOthers(Catalog catalog) throws SQLException {
    Set<TableId> known = tables.stream().map(Table::id).collect(Collectors.toSet());
    catalog
        .list(
            PUBLISHED,
            row -> new TableId(row.getString("schemaname"), row.getString("tablename")),
            config.publication())
        .stream()
        .filter(table -> !known.contains(table))
        .forEach(table -> tables.add(Table.of(table.quoted())));
    if (tables.isEmpty() && catalog.first(EMPTY, row -> "", config.publication()) != null) {
      String name = Names.quote(config.publication());
      problems.add(
          new Problem(
              "The publication " + config.publication() + " contains no table.",
              "ALTER PUBLICATION " + name + " ADD TABLE schema.table;"));
    }
  }

  private void tables(Catalog catalog, ServerCheck.Server server, SlotCheck.@Nullable Found slot)
      throws SQLException {
    if (others) {
      addOthers(catalog);
    }
    List<LiveTable> live = LiveTable.read(catalog, tables);
    String usedSlot = slot == null ? null : config.slot();
    problems.addAll(PublicationCheck.problems(catalog, config.publication(), usedSlot, live));
    problems.addAll(MissingTables.problems(catalog, live));
    ComponentCheck components =
        new ComponentCheck(
            (column, type) -> Conversions.supports(column.type(), column.kind(), type));
    for (LiveTable table : live) {
      if (table.exists()) {
        problems.addAll(TableCheck.problems(table, config.snapshotMode(), server.role()));
      }
      if (table.isTable()) {
        problems.addAll(components.problems(table.id(), table.components(), table.columns()));
      }
    }
  }
}

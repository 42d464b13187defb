package io.waltap.internal.preflight;

import io.waltap.event.TableId;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Tables that do not exist, and what may have been meant. */
final class MissingTables {

  private static final String CANDIDATES =
      """
      SELECT nspname, relname
      FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE relkind IN ('r', 'p') AND (nspname = ANY (?::text[]) OR relname = ANY (?::text[]))
      ORDER BY nspname, relname""";

  private MissingTables() {}

  static List<Problem> problems(Catalog catalog, List<LiveTable> tables) throws SQLException {
    List<LiveTable> missing = tables.stream().filter(table -> !table.exists()).toList();
    if (missing.isEmpty()) {
      return List.of();
    }
    List<TableId> candidates =
        catalog.list(
            CANDIDATES,
            row -> new TableId(row.getString("nspname"), row.getString("relname")),
            missing.stream().map(table -> table.id().schema()).toArray(String[]::new),
            missing.stream().map(table -> table.id().name()).toArray(String[]::new));
    return missing.stream().map(table -> problem(table, candidates)).toList();
  }

  private static Problem problem(LiveTable table, List<TableId> candidates) {
    TableId id = table.id();
    String why =
        table.schemaExists() ? "" : ": there is no schema " + id.schema() + " in this database";
    List<String> meant = meant(id, candidates);
    return new Problem(
        Code.TABLE_MISSING,
        "The table " + id + " does not exist" + why + ".",
        meant.isEmpty()
            ? "Create it, or correct its name or the database of the URL."
            : "Listen to " + Names.list(meant, "or") + ", or create it.");
  }

  private static List<String> meant(TableId id, List<TableId> candidates) {
    List<String> meant = new ArrayList<>();
    for (TableId candidate : candidates) {
      boolean elsewhere = candidate.name().equals(id.name());
      boolean here = candidate.schema().equals(id.schema());
      if (elsewhere || (here && Similar.alike(id.name(), candidate.name()))) {
        meant.add(candidate.toString());
      }
    }
    return meant;
  }
}

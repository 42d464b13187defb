package io.waltap.internal.preflight;

import io.waltap.event.TableId;
import io.waltap.preflight.PreflightFacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The publication as the server has it.
 *
 * @param operations those that it publishes
 * @param viaRoot whether partitions are published under the name of their root
 * @param filters which rows of a table are published; without an entry all of them
 * @param columns which columns of a table are published; without an entry all of them
 */
record Published(
    String name,
    boolean allTables,
    List<String> operations,
    boolean viaRoot,
    List<TableId> tables,
    Map<TableId, String> filters,
    Map<TableId, List<String>> columns) {

  static final List<String> OPERATIONS = List.of("insert", "update", "delete", "truncate");

  private static final String PUBLICATION =
      """
      SELECT puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot
      FROM pg_publication WHERE pubname = ?""";

  // Through jsonb, because version 14 has neither row filters nor column lists.
  private static final String TABLES =
      """
      SELECT schemaname, tablename, to_jsonb(t) ->> 'rowfilter' AS filter,
             ARRAY(SELECT jsonb_array_elements_text(to_jsonb(t) -> 'attnames')) AS columns
      FROM pg_publication_tables t WHERE pubname = ? ORDER BY 1, 2""";

  /** The publication of that name, or null. */
  static @Nullable Published read(Catalog catalog, String name) throws SQLException {
    Published bare = catalog.first(PUBLICATION, row -> bare(name, row), name);
    if (bare == null) {
      return null;
    }
    List<TableId> tables = new ArrayList<>();
    Map<TableId, String> filters = new LinkedHashMap<>();
    Map<TableId, List<String>> columns = new LinkedHashMap<>();
    catalog.list(
        TABLES,
        row -> {
          TableId table = new TableId(row.getString("schemaname"), row.getString("tablename"));
          String filter = row.getString("filter");
          if (filter != null) {
            filters.put(table, filter);
          }
          if (!Catalog.texts(row, "columns").isEmpty()) {
            columns.put(table, Catalog.texts(row, "columns"));
          }
          return tables.add(table);
        },
        name);
    return new Published(
        name, bare.allTables(), bare.operations(), bare.viaRoot(), tables, filters, columns);
  }

  private static Published bare(String name, ResultSet row) throws SQLException {
    List<String> operations = new ArrayList<>();
    for (String operation : OPERATIONS) {
      if (row.getBoolean("pub" + operation)) {
        operations.add(operation);
      }
    }
    return new Published(
        name,
        row.getBoolean("puballtables"),
        operations,
        row.getBoolean("pubviaroot"),
        List.of(),
        Map.of(),
        Map.of());
  }

  List<String> omitted() {
    return OPERATIONS.stream().filter(operation -> !operations.contains(operation)).toList();
  }

  /** The table's columns that are left out, but for those that the server computes. */
  List<String> unpublished(LiveTable table) {
    List<String> published = columns.get(table.id());
    return published == null
        ? List.of()
        : table.columns().stream()
            .filter(column -> !column.generated() && !published.contains(column.name()))
            .map(Column::name)
            .toList();
  }

  PreflightFacts.Publication facts() {
    return new PreflightFacts.Publication(name, allTables, operations, viaRoot, tables);
  }
}

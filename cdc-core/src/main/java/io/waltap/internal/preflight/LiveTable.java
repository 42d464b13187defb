package io.waltap.internal.preflight;

import io.waltap.event.TableId;
import io.waltap.table.Table;
import io.waltap.table.Table.Component;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A listened table as the server has it.
 *
 * @param components what the application wants to be filled from it
 * @param oid zero if there is no relation of that name
 * @param kind {@code pg_class.relkind}; empty if there is none
 * @param logged whether its changes are written to the log
 * @param usage whether the role may use its schema
 * @param select whether the role may read it
 * @param filtered whether row-level security hides rows from the role
 * @param unidentified itself or those of its partitions whose updates name no row, as SQL takes
 *     them
 */
record LiveTable(
    TableId id,
    List<Component> components,
    boolean schemaExists,
    long oid,
    String kind,
    boolean logged,
    boolean usage,
    boolean select,
    boolean filtered,
    List<String> unidentified,
    List<Column> columns) {

  private static final String TABLES =
      """
      SELECT n.oid IS NOT NULL AS schema_exists, c.oid, c.relkind,
             c.relpersistence = 'p' AS logged,
             has_schema_privilege(n.oid, 'USAGE') AS usage,
             has_table_privilege(c.oid, 'SELECT') AS may_select,
             row_security_active(c.oid) AS filtered,
             ARRAY(
               SELECT format('%I.%I', ln.nspname, l.relname)
               FROM pg_class l JOIN pg_namespace ln ON ln.oid = l.relnamespace
               WHERE l.relkind = 'r'
                 AND (l.oid = c.oid
                      OR l.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf))
                 AND l.relreplident <> 'f'
                 AND NOT EXISTS (
                   SELECT FROM pg_index i
                   WHERE i.indrelid = l.oid AND i.indisvalid
                     AND (l.relreplident = 'd' AND i.indisprimary AND i.indimmediate
                          OR l.relreplident = 'i' AND i.indisreplident))
               ORDER BY 1) AS unidentified
      FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS w (schema, name, place)
      LEFT JOIN pg_namespace n ON n.nspname = w.schema
      LEFT JOIN pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
      ORDER BY place""";

  private static final String COLUMNS =
      """
      WITH RECURSIVE base AS (
        SELECT a.attrelid, a.attnum, a.atttypid AS type, '' AS prefix, a.attnotnull AS filled
        FROM pg_attribute a
        WHERE a.attrelid = ANY (?::oid[]) AND a.attnum > 0 AND NOT a.attisdropped
        UNION ALL
        SELECT b.attrelid, b.attnum,
               CASE t.typtype WHEN 'd' THEN t.typbasetype ELSE e.oid END,
               b.prefix || CASE t.typtype WHEN 'd' THEN '' ELSE '_' END,
               b.filled OR t.typnotnull AND b.prefix = ''
        FROM base b JOIN pg_type t ON t.oid = b.type
        LEFT JOIN pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
        WHERE t.typtype = 'd' OR e.oid IS NOT NULL)
      SELECT attrelid, attname, prefix || typname AS type, t.typtype AS kind,
             NOT filled AS nullable, attgenerated <> '' AS generated
      FROM base b JOIN pg_attribute a USING (attrelid, attnum) JOIN pg_type t ON t.oid = b.type
      WHERE t.typtype <> 'd'
        AND NOT EXISTS (SELECT FROM pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)
      ORDER BY attrelid, attnum""";

  boolean exists() {
    return oid != 0;
  }

  boolean partitioned() {
    return kind.equals("p");
  }

  /** Whether it is something that has rows of its own to change. */
  boolean isTable() {
    return kind.equals("r") || partitioned();
  }

  /** What the server has for the tables, in their order. */
  static List<LiveTable> read(Catalog catalog, List<Table<?>> tables) throws SQLException {
    List<LiveTable> bare =
        catalog.list(
            TABLES,
            row -> bare(tables.get(row.getRow() - 1), row),
            tables.stream().map(table -> table.id().schema()).toArray(String[]::new),
            tables.stream().map(table -> table.id().name()).toArray(String[]::new));
    Map<Long, List<Column>> columns = columns(catalog, bare);
    return bare.stream()
        .map(table -> table.with(columns.getOrDefault(table.oid(), List.of())))
        .toList();
  }

  private static LiveTable bare(Table<?> wanted, ResultSet row) throws SQLException {
    String kind = row.getString("relkind");
    return new LiveTable(
        wanted.id(),
        wanted.components(),
        row.getBoolean("schema_exists"),
        row.getLong("oid"),
        kind == null ? "" : kind,
        row.getBoolean("logged"),
        row.getBoolean("usage"),
        row.getBoolean("may_select"),
        row.getBoolean("filtered"),
        Catalog.texts(row, "unidentified"),
        List.of());
  }

  private static Map<Long, List<Column>> columns(Catalog catalog, List<LiveTable> tables)
      throws SQLException {
    Map<Long, List<Column>> columns = new HashMap<>();
    catalog.list(
        COLUMNS,
        row ->
            columns
                .computeIfAbsent(row.getLong("attrelid"), oid -> new ArrayList<>())
                .add(column(row)),
        (Object) tables.stream().mapToLong(LiveTable::oid).toArray());
    return columns;
  }

  private static Column column(ResultSet row) throws SQLException {
    return new Column(
        row.getString("attname"),
        row.getString("type"),
        row.getString("kind").charAt(0),
        row.getBoolean("nullable"),
        row.getBoolean("generated"));
  }

  private LiveTable with(List<Column> found) {
    return new LiveTable(
        id,
        components,
        schemaExists,
        oid,
        kind,
        logged,
        usage,
        select,
        filtered,
        unidentified,
        List.copyOf(found));
  }
}

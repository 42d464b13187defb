package io.waltap.internal.debezium;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How the tables look in the snapshot that a new slot exports. While it is open it holds a lock on
 * them that stops nobody but those who alter or truncate a table: a rewritten table looks empty to
 * older snapshots, so that its rows would be neither in the snapshot nor in the stream.
 */
final class ExportedSnapshot {

  // The snapshot remembers the table's file, the function tells of the one there is now.
  private static final String REWRITTEN =
      """
      SELECT string_agg(l.oid::regclass::text, ', ')
      FROM unnest(?::text[], ?::text[]) AS w (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
      JOIN pg_catalog.pg_class l
        ON l.oid = c.oid OR l.oid IN (SELECT relid FROM pg_catalog.pg_partition_tree(c.oid))
      WHERE l.relkind = 'r' AND l.relfilenode <> 0
        AND l.relfilenode IS DISTINCT FROM pg_catalog.pg_relation_filenode(l.oid)
      """;

  // Whoever listens to all tables was told by the preflight which ones there are. One that came
  // since, but before the snapshot, would be read by neither.
  private static final String MISSED =
      """
      SELECT string_agg(c.oid::regclass::text, ', ')
      FROM pg_catalog.pg_publication_tables t
      JOIN pg_catalog.pg_namespace n ON n.nspname = t.schemaname
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = t.tablename
      WHERE t.pubname = ?
        AND (n.nspname::text, c.relname::text) NOT IN (SELECT * FROM unnest(?::text[], ?::text[]))
      """;

  // Only what the publication lets through, so that a row has the same columns in the stream.
  // Through jsonb, because version 14 has no lists of columns. The stream's key is that of the
  // replica identity's index if one is set, else the primary key, without included columns.
  private static final String COLUMNS =
      """
      WITH published AS MATERIALIZED (
        SELECT schemaname, tablename, to_jsonb(t) -> 'attnames' AS columns
        FROM pg_catalog.pg_publication_tables t WHERE pubname = ?)
      SELECT n.nspname, c.relname, a.attname, a.atttypid::int8,
             EXISTS (
               SELECT FROM pg_catalog.pg_index i
               WHERE i.indrelid = c.oid
                 AND a.attnum = ANY ((i.indkey::int2[])[0 : i.indnkeyatts - 1])
                 AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END)
      FROM unnest(?::text[], ?::text[]) AS w (schema, name)
      JOIN pg_catalog.pg_namespace n ON n.nspname = w.schema
      JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = w.name
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN published p ON p.schemaname = n.nspname AND p.tablename = c.relname
      WHERE CASE WHEN p.columns IS NULL THEN a.attgenerated = ''
                 ELSE p.columns ?? a.attname::text END
      ORDER BY c.oid, a.attnum
      """;

  // Through jsonb, because version 14 has no filters.
  private static final String FILTERS =
      """
      SELECT schemaname, tablename, to_jsonb(t) ->> 'rowfilter'
      FROM pg_catalog.pg_publication_tables t
      WHERE pubname = ? AND to_jsonb(t) ->> 'rowfilter' IS NOT NULL
      """;

  /** As of a transaction that comes too late: a new snapshot helps. */
  private static final String SERIALIZATION_FAILURE = "40001";

  private ExportedSnapshot() {}

  /**
   * What a snapshot shows.
   *
   * @param layouts how the tables look; those without a column are missing
   * @param filters which rows of a table the publication lets through, as SQL; tables without a
   *     filter are missing
   */
  record Contents(Map<TableId, RowLayout> layouts, Map<TableId, String> filters) {}

  /**
   * Locks the tables and looks at them, on the connection that has imported the snapshot and will
   * read it. With another that only looks, whoever asks for a table for himself in between would
   * wait for the first and keep the second waiting, for ever.
   */
  static Contents read(Connection connection, CdcConfig config, Catalog catalog, Capture capture)
      throws SQLException {
    lock(connection, capture.tables(), "");
    List<TableId> tables = List.copyOf(capture.tables());
    Array schemas = texts(connection, tables.stream().map(TableId::schema).toList());
    Array names = texts(connection, tables.stream().map(TableId::name).toList());
    refuse(connection, "altered or truncated", REWRITTEN, schemas, names);
    if (capture.others()) {
      refuse(connection, "published", MISSED, config.publication(), schemas, names);
    }
    return new Contents(
        layouts(connection, config.publication(), catalog, schemas, names),
        filters(connection, config.publication()));
  }

  /** Locks the tables for one more reader, or fails at once, for the same reason. */
  static void lockAtOnce(Connection connection, Collection<TableId> tables) throws SQLException {
    lock(connection, tables, " NOWAIT");
  }

  private static void lock(Connection connection, Collection<TableId> tables, String patience)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL idle_in_transaction_session_timeout = 0");
      statement.execute("SET LOCAL statement_timeout = 0"); // rows come as fast as they are taken
      statement.execute("SET LOCAL lock_timeout = '60s'");
      if (!tables.isEmpty()) {
        statement.execute(
            tables.stream()
                .map(TableId::quoted)
                .collect(
                    Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS SHARE MODE" + patience)));
      }
    }
  }

  private static Array texts(Connection connection, List<String> texts) throws SQLException {
    return connection.createArrayOf("text", texts.toArray());
  }

  private static void refuse(Connection connection, String what, String sql, Object... parameters)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      for (int i = 0; i < parameters.length; i++) {
        query.setObject(i + 1, parameters[i]);
      }
      try (ResultSet row = query.executeQuery()) {
        row.next();
        String tables = row.getString(1);
        if (tables != null) {
          throw new SQLException(
              "%s was %s in the moment in which the snapshot began; start the engine again"
                  .formatted(tables, what),
              SERIALIZATION_FAILURE);
        }
      }
    }
  }

  private static Map<TableId, RowLayout> layouts(
      Connection connection, String publication, Catalog catalog, Array schemas, Array names)
      throws SQLException {
    Map<TableId, List<ColumnShape>> shapes = new LinkedHashMap<>();
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, publication);
      query.setArray(2, schemas);
      query.setArray(3, names);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          shapes
              .computeIfAbsent(
                  new TableId(row.getString(1), row.getString(2)), table -> new ArrayList<>())
              .add(
                  new ColumnShape(
                      row.getString(3), catalog.type(row.getLong(4)), row.getBoolean(5)));
        }
      }
    }
    Map<TableId, RowLayout> layouts = new LinkedHashMap<>();
    shapes.forEach((table, columns) -> layouts.put(table, RowLayout.of(columns)));
    return layouts;
  }

  private static Map<TableId, String> filters(Connection connection, String publication)
      throws SQLException {
    Map<TableId, String> filters = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(FILTERS)) {
      query.setString(1, publication);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          filters.put(new TableId(row.getString(1), row.getString(2)), row.getString(3));
        }
      }
    }
    return filters;
  }
}

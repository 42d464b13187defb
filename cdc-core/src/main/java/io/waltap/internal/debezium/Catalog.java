package io.waltap.internal.debezium;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What the stream does not say: names of types, and the primary key of a table whose replica
 * identity is not that key. Asked once for each type and each relation, on a connection of its own.
 * Thread-safe.
 */
final class Catalog implements AutoCloseable {

  // REPLICA IDENTITY USING INDEX decides, because then deletes carry nothing but that index's
  // columns.
  private static final String KEY =
      """
      SELECT a.attname
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_index i ON i.indrelid = c.oid
        AND CASE c.relreplident WHEN 'i' THEN i.indisreplident ELSE i.indisprimary END
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
      WHERE n.nspname = ? AND c.relname = ?
      """;

  private static final String COLUMNS =
      """
      SELECT a.attname, a.atttypid
      FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
      WHERE n.nspname = ? AND c.relname = ? AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY a.attnum
      """;

  private static final String TYPE =
      "SELECT typname, typbasetype FROM pg_catalog.pg_type WHERE oid = ?::int8::oid";

  private final CdcConfig config;
  private final Map<Long, String> types = new HashMap<>();
  private @Nullable Connection connection;

  Catalog(CdcConfig config) {
    this.config = config;
  }

  /** The table as it is now. */
  synchronized RowLayout layout(TableId table) throws SQLException {
    Map<String, Long> columns = new LinkedHashMap<>();
    try (PreparedStatement query = prepare(COLUMNS, table);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        columns.put(rows.getString(1), rows.getLong(2));
      }
    }
    Set<String> key = key(table);
    List<ColumnShape> shapes = new ArrayList<>();
    for (Map.Entry<String, Long> column : columns.entrySet()) {
      String name = column.getKey();
      shapes.add(new ColumnShape(name, type(column.getValue()), key.contains(name)));
    }
    return RowLayout.of(shapes);
  }

  /**
   * The columns of the replica identity index if one is set, else of the primary key; else none.
   */
  synchronized Set<String> key(TableId table) throws SQLException {
    Set<String> names = new TreeSet<>();
    try (PreparedStatement query = prepare(KEY, table);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  /**
   * The name of a type; for a domain, of the type under it, which is how its values are written.
   */
  synchronized String type(long oid) throws SQLException {
    String known = types.get(oid);
    if (known != null) {
      return known;
    }
    String name = readType(oid);
    types.put(oid, name);
    return name;
  }

  private String readType(long oid) throws SQLException {
    long base;
    String name;
    try (PreparedStatement query = connection().prepareStatement(TYPE)) {
      query.setLong(1, oid);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          return "unknown"; // dropped since; its values are still text
        }
        name = rows.getString(1);
        base = rows.getLong(2);
      }
    }
    return base == 0 ? name : type(base);
  }

  private PreparedStatement prepare(String sql, TableId table) throws SQLException {
    PreparedStatement query = connection().prepareStatement(sql);
    query.setString(1, table.schema());
    query.setString(2, table.name());
    return query;
  }

  private Connection connection() throws SQLException {
    Connection current = connection;
    if (current == null || !current.isValid(5)) {
      close();
      current = Connections.open(config);
      connection = current;
    }
    return current;
  }

  @Override
  public synchronized void close() throws SQLException {
    Connection current = connection;
    connection = null;
    if (current != null) {
      current.close();
    }
  }
}

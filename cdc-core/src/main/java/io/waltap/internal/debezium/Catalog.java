package io.waltap.internal.debezium;

import io.waltap.config.CdcConfig;
import io.waltap.event.TableId;
import io.waltap.internal.connection.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * What the stream does not say: names of types, and the primary key of a table whose replica
 * identity is not that key. Asked once for types, and once for each such relation, on a connection
 * of its own. Thread-safe.
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
      JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY ((i.indkey::int2[])[0 : i.indnkeyatts - 1])
      WHERE n.nspname = ? AND c.relname = ?
      """;

  // Only of a true array the element's type names it as its array; int2vector prints otherwise.
  private static final String TYPE =
      """
      SELECT t.typname, t.typbasetype, e.oid AS element
      FROM pg_catalog.pg_type t
      LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid
      WHERE t.oid = ?::int8::oid
      """;

  // All that PostgreSQL brings along; their numbers are never given to others.
  private static final String OWN_TYPES =
      "SELECT oid::int8, typname FROM pg_catalog.pg_type WHERE oid < 10000 AND typbasetype = 0";

  private final CdcConfig config;
  private final ReentrantLock asking = new ReentrantLock();
  private final Map<Long, String> types = new HashMap<>();
  private final Map<Long, String> told = new ConcurrentHashMap<>();
  private boolean ownTypesRead;
  private volatile @Nullable Connection connection;
  private volatile boolean closed;

  Catalog(CdcConfig config) {
    this.config = config;
  }

  /**
   * The columns of the replica identity index if one is set, else of the primary key; else none.
   */
  Set<String> key(TableId table) throws SQLException {
    asking.lock();
    try {
      return readKey(table);
    } finally {
      asking.unlock();
    }
  }

  private Set<String> readKey(TableId table) throws SQLException {
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
   * The name of a type; for a domain, of the type under it, which is how its values are written. An
   * array is its element's name after an underscore, so that this holds for arrays of domains.
   */
  String type(long oid) throws SQLException {
    asking.lock();
    try {
      return knownOrRead(oid);
    } finally {
      asking.unlock();
    }
  }

  private String knownOrRead(long oid) throws SQLException {
    String known = types.get(oid);
    if (known != null) {
      return known;
    }
    if (!ownTypesRead) {
      readOwnTypes();
      ownTypesRead = true;
      return knownOrRead(oid);
    }
    String name = readType(oid);
    types.put(oid, name);
    return name;
  }

  /**
   * Takes a name that the stream told. It is used only for a type that has been dropped since: of
   * an array of domains the stream tells the array's own name, not what its elements are.
   */
  void typeNamed(long oid, String name) {
    told.put(oid, name);
  }

  private void readOwnTypes() throws SQLException {
    try (PreparedStatement query = connection().prepareStatement(OWN_TYPES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        types.put(rows.getLong(1), rows.getString(2));
      }
    }
  }

  private String readType(long oid) throws SQLException {
    long base;
    long element;
    String name;
    try (PreparedStatement query = connection().prepareStatement(TYPE)) {
      query.setLong(1, oid);
      try (ResultSet rows = query.executeQuery()) {
        if (!rows.next()) {
          return told.getOrDefault(oid, "unknown"); // dropped since; its values are still text
        }
        name = rows.getString(1);
        base = rows.getLong(2);
        element = rows.getLong(3);
      }
    }
    if (base != 0) {
      return knownOrRead(base);
    }
    return element == 0 ? name : "_" + knownOrRead(element);
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
      disconnect();
      current = Connections.ask(config);
      connection = current;
    }
    if (closed) { // the end has come meanwhile
      disconnect();
      throw new SQLException("the engine is being stopped", "57014");
    }
    return current;
  }

  private void disconnect() throws SQLException {
    Connection current = connection;
    connection = null;
    if (current != null) {
      current.close();
    }
  }

  /** Waits for no answer: one that is being waited for is given up, and so is the connection. */
  @Override
  public void close() throws SQLException {
    closed = true;
    if (asking.tryLock()) {
      try {
        disconnect();
      } finally {
        asking.unlock();
      }
    } else {
      abort();
    }
  }

  private void abort() throws SQLException {
    Connection current = connection;
    if (current != null) {
      current.abort(Runnable::run);
    }
  }
}

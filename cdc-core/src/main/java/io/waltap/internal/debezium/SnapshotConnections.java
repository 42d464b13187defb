package io.waltap.internal.debezium;

import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.jdbc.JdbcConnection.ConnectionFactory;
import io.waltap.internal.connection.Connections;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * The ordinary connections of Debezium, which lock what the snapshot will read as soon as they have
 * imported it (see {@link ExportedSnapshot#locks}), and with one of its questions put right. At its
 * start it reads all types of the database, and takes each that PostgreSQL counts among the enums
 * for one with labels; a domain over an enum has none of its own, so that a single such domain, in
 * whatever schema, would keep the engine from starting. Created by Debezium by its name.
 */
public final class SnapshotConnections implements ConnectionFactory {

  static final String KEY = "database.connection.factory.class";

  private static final String IMPORT = "SET TRANSACTION SNAPSHOT";

  private static final String LABELS = "e.values as enum_values";
  private static final String LABELS_OR_NONE = "coalesce(e.values, '{}') as enum_values";

  @Override
  public Connection connect(JdbcConfiguration configuration) throws SQLException {
    Session session = Session.of(configuration.getString(Session.KEY));
    return corrected(
        Connection.class,
        Connections.open(session.config()),
        ExportedSnapshot.locks(session.capture().tables()));
  }

  private static <T> T corrected(Class<T> type, T target, String locks) {
    return type.cast(
        Proxy.newProxyInstance(
            SnapshotConnections.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(target, method, locks, arguments)));
  }

  private static @Nullable Object call(
      Object target, Method method, String locks, @Nullable Object @Nullable [] arguments)
      throws Throwable {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
      arguments[0] =
          sql.contains(IMPORT) ? sql + '\n' + locks : sql.replace(LABELS, LABELS_OR_NONE);
    }
    Object result;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    return method.getName().equals("createStatement") && result != null
        ? corrected(Statement.class, (Statement) result, locks)
        : result;
  }
}

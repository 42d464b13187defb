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
 * The ordinary connections of Debezium, one of whose questions is put right. At its start it reads
 * all types of the database, and takes each that PostgreSQL counts among the enums for one with
 * labels; a domain over an enum has none of its own, so that a single such domain, in whatever
 * schema, would keep the engine from starting. Created by Debezium by its name.
 */
public final class DebeziumConnections implements ConnectionFactory {

  static final String KEY = "database.connection.factory.class";

  private static final String LABELS = "e.values as enum_values";
  private static final String LABELS_OR_NONE = "coalesce(e.values, '{}') as enum_values";

  @Override
  public Connection connect(JdbcConfiguration configuration) throws SQLException {
    Session session = Session.of(configuration.getString(Session.KEY));
    Connection connection = Connections.open(session.config());
    session.connected(connection);
    return corrected(Connection.class, connection);
  }

  private static <T> T corrected(Class<T> type, T target) {
    return type.cast(
        Proxy.newProxyInstance(
            DebeziumConnections.class.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> call(target, method, arguments)));
  }

  private static @Nullable Object call(
      Object target, Method method, @Nullable Object @Nullable [] arguments) throws Throwable {
    if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
      arguments[0] = sql.replace(LABELS, LABELS_OR_NONE);
    }
    Object result;
    try {
      result = method.invoke(target, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    return method.getName().equals("createStatement") && result != null
        ? corrected(Statement.class, (Statement) result)
        : result;
  }
}

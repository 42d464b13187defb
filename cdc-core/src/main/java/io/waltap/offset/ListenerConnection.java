package io.waltap.offset;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A connection as a listener gets it, for one transaction: all of it, but for what would end the
 * transaction or change how it works. Once that has ended, it is of no use any more.
 */
final class ListenerConnection implements InvocationHandler {

  private static final Set<String> REFUSED =
      Set.of(
          "commit",
          "close",
          "abort",
          "setAutoCommit",
          "setReadOnly",
          "setTransactionIsolation",
          "setNetworkTimeout");

  private static final String INVALID_TRANSACTION_TERMINATION = "2D000";
  private static final String CONNECTION_DOES_NOT_EXIST = "08003";

  private final Connection real;
  private final Connection view;
  private volatile boolean ended;

  ListenerConnection(Connection real) {
    this.real = real;
    this.view =
        (Connection)
            Proxy.newProxyInstance(
                ListenerConnection.class.getClassLoader(), new Class<?>[] {Connection.class}, this);
  }

  Connection view() {
    return view;
  }

  void end() {
    ended = true;
  }

  @Override
  public @Nullable Object invoke(Object proxy, Method method, Object @Nullable [] arguments)
      throws Throwable {
    if (method.getDeclaringClass() == Object.class) {
      return ofObject(method, arguments);
    }
    if (ended) {
      return afterTheEnd(method);
    }
    if (isRefused(method)) {
      throw new SQLException(
          "WalTap commits this transaction together with its position; "
              + method.getName()
              + "() is not for a listener.",
          INVALID_TRANSACTION_TERMINATION);
    }
    if (arguments != null && arguments[0] == Connection.class) { // unwrapped, it would not be this
      return method.getName().equals("unwrap") ? view : true;
    }
    return forward(method, arguments);
  }

  // Back to a savepoint is fine.
  private static boolean isRefused(Method method) {
    return REFUSED.contains(method.getName())
        || (method.getName().equals("rollback") && method.getParameterCount() == 0);
  }

  private static @Nullable Object afterTheEnd(Method method) throws SQLException {
    return switch (method.getName()) {
      case "close", "abort" -> null;
      case "isClosed" -> true;
      case "isValid", "isWrapperFor" -> false;
      default ->
          throw new SQLException(
              "WalTap has ended the transaction that this connection was given for; a listener may"
                  + " use it until it returns.",
              CONNECTION_DOES_NOT_EXIST);
    };
  }

  private Object ofObject(Method method, Object @Nullable [] arguments) {
    return switch (method.getName()) {
      case "equals" -> arguments != null && arguments[0] == view;
      case "hashCode" -> System.identityHashCode(view);
      default -> "WalTap's transaction on " + real;
    };
  }

  private @Nullable Object forward(Method method, Object @Nullable [] arguments) throws Throwable {
    try {
      return method.invoke(real, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }
}

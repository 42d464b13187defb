package io.waltap.internal.debezium;

import java.io.Serial;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Set;

/**
 * Reading the server failed. Its message is what the server or the driver said; the layers in
 * between only say that an exception occurred.
 */
final class CaptureException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  CaptureException(Throwable cause) {
    super(said(cause), cause);
  }

  private static String said(Throwable failure) {
    Throwable root = failure;
    Set<Throwable> seen = new HashSet<>();
    for (Throwable next = failure; next != null && seen.add(next); next = next.getCause()) {
      if (next instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getMessage() + " (SQLSTATE " + sql.getSQLState() + ")";
      }
      root = next;
    }
    return root.getMessage() == null ? root.toString() : root.getMessage();
  }
}

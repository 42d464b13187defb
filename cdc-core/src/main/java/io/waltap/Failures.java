package io.waltap;

import java.sql.SQLException;

/** Puts what ended an engine into one sentence. */
final class Failures {

  private Failures() {}

  static CdcException stopped(Throwable cause) {
    return cause instanceof CdcException said
        ? said
        : new CdcException("WalTap stopped: " + describe(cause), cause);
  }

  static CdcException notStarted(Throwable cause) {
    return new CdcException("WalTap could not start: " + describe(cause), cause);
  }

  static String describe(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return cause instanceof SQLException sql
        ? message + " (SQLSTATE " + sql.getSQLState() + ")"
        : message;
  }
}

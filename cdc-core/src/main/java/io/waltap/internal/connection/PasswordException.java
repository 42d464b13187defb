package io.waltap.internal.connection;

import java.io.Serial;
import java.sql.SQLException;

/** The application did not give a password; perhaps it will later. */
public final class PasswordException extends SQLException {

  @Serial private static final long serialVersionUID = 1L;

  PasswordException(String message, IllegalStateException cause) {
    super(message, "08001", cause.getCause());
  }
}

package io.waltap.examples;

import java.sql.SQLException;

/** What a server or driver said, as a part of a sentence. */
final class Reason {

  private Reason() {}

  static String of(SQLException failure) {
    String message = failure.getMessage() == null ? "no reason given" : failure.getMessage();
    return message
        .lines()
        .findFirst()
        .orElse("")
        .replaceFirst("^[A-Z]+: ", "")
        .replaceFirst("\\.$", "");
  }
}

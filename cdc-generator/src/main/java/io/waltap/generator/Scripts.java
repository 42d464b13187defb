package io.waltap.generator;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** The SQL that this package brings along. */
final class Scripts {

  /** Any number; whoever else runs scripts waits: IF NOT EXISTS fails if two create at once. */
  private static final String ALONE = "SELECT pg_advisory_xact_lock(860117213);\n";

  private Scripts() {}

  /** One call, so one transaction also in autocommit mode. */
  static void run(Connection connection, String... scripts) throws SQLException {
    StringBuilder sql = new StringBuilder(ALONE);
    for (String script : scripts) {
      sql.append(read(script)).append('\n');
    }
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql.toString());
    }
  }

  private static String read(String script) {
    try (InputStream in = Scripts.class.getResourceAsStream(script)) {
      if (in == null) {
        throw new IllegalStateException("The script " + script + " is not on the class path.");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

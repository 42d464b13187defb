package io.waltap.internal.preflight;

import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Settings in force. Those of the session come with every connection that the engine opens; between
 * here and the server a pooler may have dropped them.
 */
final class SettingsCheck {

  /** What the engine asks for when it connects, and the value that it can read, as a pattern. */
  private static final Map<String, String> SESSION =
      Map.of(
          "DateStyle", "ISO.*",
          "IntervalStyle", "postgres",
          "bytea_output", "hex",
          "extra_float_digits", "[1-3]",
          "lc_monetary", "C",
          "TimeZone", "UTC");

  /** The words in which a setting is asked for, where they are not the pattern. */
  private static final Map<String, String> WANTED =
      Map.of("DateStyle", "ISO", "extra_float_digits", "1");

  private static final String SETTINGS =
      """
      SELECT current_setting('server_version') AS version,
             current_setting('max_slot_wal_keep_size') AS keep,
             current_setting('wal_sender_timeout') AS timeout""";

  private static final String VALUES =
      "SELECT name, current_setting(name) AS value FROM unnest(?::text[]) AS n (name)";

  /**
   * The settings.
   *
   * @param session those that decide how values are printed
   */
  record Settings(
      String version,
      String maxSlotWalKeepSize,
      String walSenderTimeout,
      Map<String, String> session) {}

  private SettingsCheck() {}

  static Settings read(Catalog catalog) throws SQLException {
    Map<String, String> session = new TreeMap<>();
    catalog.list(
        VALUES,
        row -> session.put(row.getString("name"), row.getString("value")),
        (Object) SESSION.keySet().toArray(String[]::new));
    return catalog.one(
        SETTINGS,
        row ->
            new Settings(
                row.getString("version"),
                row.getString("keep"),
                row.getString("timeout"),
                session));
  }

  static List<Problem> problems(Settings settings, String role) {
    List<Problem> problems = new ArrayList<>();
    settings
        .session()
        .forEach(
            (name, value) -> {
              if (!Pattern.matches(SESSION.getOrDefault(name, ".*"), value)) {
                problems.add(dropped(name, value, role));
              }
            });
    if (settings.walSenderTimeout().equals("0")) {
      problems.add(
          new Problem(
              Code.WAL_SENDER_TIMEOUT,
              "The server's wal_sender_timeout is 0: after a connection broke, the slot would stay"
                  + " in use until the server hears of it.",
              "ALTER ROLE " + Names.quote(role) + " SET wal_sender_timeout = '60s';"));
    }
    return problems;
  }

  private static Problem dropped(String name, String value, String role) {
    String wanted = WANTED.getOrDefault(name, SESSION.getOrDefault(name, value));
    return new Problem(
        Code.SESSION_SETTINGS,
        "The session's %s is %s, although %s was asked for: something between here and the server drops settings."
            .formatted(name, value, wanted),
        "ALTER ROLE %s SET %s = %s;".formatted(Names.quote(role), name, Names.literal(wanted)));
  }
}

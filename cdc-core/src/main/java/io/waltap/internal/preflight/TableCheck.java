package io.waltap.internal.preflight;

import io.waltap.config.SnapshotMode;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Each table that exists: what it is, who may read it, and whether its changes name their row. */
final class TableCheck {

  private final LiveTable table;
  private final String name;
  private final List<Problem> problems = new ArrayList<>();

  private TableCheck(LiveTable table) {
    this.table = table;
    this.name = Names.quote(table.id());
  }

  static List<Problem> problems(LiveTable table, SnapshotMode snapshotMode, String role) {
    TableCheck check = new TableCheck(table);
    if (!table.isTable()) {
      check.kind();
      return check.problems;
    }
    check.names();
    check.log();
    check.identity();
    if (snapshotMode != SnapshotMode.NEVER) {
      check.privileges(Names.quote(role));
    }
    return check.problems;
  }

  private void kind() {
    String kind =
        switch (table.kind()) {
          case "v" -> "a view";
          case "m" -> "a materialized view";
          case "f" -> "a foreign table";
          case "S" -> "a sequence";
          case "i", "I" -> "an index";
          default -> "a composite type";
        };
    problem(
        Code.NOT_A_TABLE,
        table.id() + " is " + kind + ", and only tables have changes to capture.",
        "Listen to the table behind it.");
  }

  /** The engine below leaves such names unquoted, or cannot tell such columns apart. */
  private void names() {
    if (quoted(table.id().schema())) {
      problem(
          Code.HOSTILE_NAME,
          "The name of the schema " + table.id().schema() + " begins or ends with a double quote.",
          "ALTER SCHEMA " + Names.quote(table.id().schema()) + " RENAME TO new_name;");
    }
    if (quoted(table.id().name())) {
      problem(
          Code.HOSTILE_NAME,
          "The name of the table " + table.id() + " begins or ends with a double quote.",
          "ALTER TABLE " + name + " RENAME TO new_name;");
    }
    Map<String, String> seen = new HashMap<>();
    for (Column column : table.columns()) {
      String other = seen.put(column.name().toLowerCase(Locale.ROOT), column.name());
      if (other != null) {
        column(column, "differs only by case from the column " + other);
      }
      if (quoted(column.name())) {
        column(column, "begins or ends with a double quote");
      }
    }
  }

  private static boolean quoted(String name) {
    return name.startsWith("\"") || name.endsWith("\"");
  }

  private void column(Column column, String what) {
    problem(
        Code.HOSTILE_NAME,
        "The name of the column " + column.name() + " of " + table.id() + " " + what + ".",
        "ALTER TABLE " + name + " RENAME COLUMN " + Names.quote(column.name()) + " TO new_name;");
  }

  private void log() {
    if (!table.logged()) {
      problem(
          Code.TABLE_UNLOGGED,
          "The table " + table.id() + " is unlogged or temporary: its changes are in no log.",
          "ALTER TABLE " + name + " SET LOGGED;");
    }
  }

  private void identity() {
    for (String unidentified : table.unidentified()) {
      problem(
          Code.REPLICA_IDENTITY,
          "The table "
              + unidentified
              + " has neither a primary key nor another replica identity, so that the server would"
              + " refuse every UPDATE and DELETE of it.",
          "ALTER TABLE " + unidentified + " REPLICA IDENTITY FULL;");
    }
  }

  private void privileges(String role) {
    if (!table.usage()) {
      problem(
          Code.NO_USAGE_RIGHT,
          "The role " + role + " may not use the schema " + table.id().schema() + ".",
          "GRANT USAGE ON SCHEMA " + Names.quote(table.id().schema()) + " TO " + role + ";");
    }
    if (!table.select()) {
      problem(
          Code.NO_SELECT_RIGHT,
          "The role " + role + " may not read " + table.id() + " for the snapshot.",
          "GRANT SELECT ON " + name + " TO " + role + ";");
    }
    if (table.filtered()) {
      problem(
          Code.ROW_SECURITY,
          "Row-level security hides rows of "
              + table.id()
              + " from the role "
              + role
              + ": the snapshot would miss them.",
          "ALTER ROLE " + role + " BYPASSRLS;");
    }
  }

  private void problem(Code code, String what, String remedy) {
    problems.add(new Problem(code, what, remedy));
  }
}

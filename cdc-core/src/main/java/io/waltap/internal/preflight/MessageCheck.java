package io.waltap.internal.preflight;

import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.SQLException;
import java.util.List;

/** Whether the role may write the messages by which an engine sees that the stream is alive. */
final class MessageCheck {

  // Version 17 gave the function one more parameter.
  private static final String FUNCTION =
      """
      SELECT oid::regprocedure::text AS name, has_function_privilege(oid, 'EXECUTE') AS allowed
      FROM pg_proc
      WHERE proname = 'pg_logical_emit_message' AND proargtypes[2] = 'text'::regtype""";

  /** The function as SQL names it, and whether the role may call it. */
  record Emission(String name, boolean allowed) {}

  private MessageCheck() {}

  static Emission read(Catalog catalog) throws SQLException {
    return catalog.one(
        FUNCTION, row -> new Emission(row.getString("name"), row.getBoolean("allowed")));
  }

  static List<Problem> problems(Emission emission, String role) {
    return emission.allowed()
        ? List.of()
        : List.of(
            new Problem(
                Code.NO_MESSAGE_RIGHT,
                "The role "
                    + role
                    + " may not call pg_logical_emit_message, which the heartbeat needs.",
                "GRANT EXECUTE ON FUNCTION pg_catalog."
                    + emission.name()
                    + " TO "
                    + Names.quote(role)
                    + ";"));
  }
}

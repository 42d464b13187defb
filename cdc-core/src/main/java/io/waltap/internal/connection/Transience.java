package io.waltap.internal.connection;

import java.io.IOException;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which failures pass by themselves. By SQLSTATE, as PostgreSQL's manual lists them in appendix A;
 * what is not listed here, is taken to last.
 */
public final class Transience {

  private static final List<String> PASSING =
      List.of(
          "08", // connection exceptions: cut, refused, timed out
          "53", // no memory, disk or connection left
          "57P", // the server shuts down, starts, has crashed, or an operator ended our process
          "57014", // query_canceled: its time was over
          "55006", // object_in_use: the server has not noticed yet that the last holder is gone
          "55P03", // lock_not_available
          "40"); // rolled back to resolve a conflict

  /** A protocol we do not speak does not change by waiting. */
  private static final Set<String> LASTING = Set.of("08P01", "57P04");

  private Transience() {}

  /** Whether trying again may help. Looks at the causes too; what the server said decides. */
  public static boolean of(@Nullable Throwable failure) {
    boolean broken = false;
    Set<Throwable> seen = new HashSet<>();
    for (Throwable next = failure; next != null && seen.add(next); next = next.getCause()) {
      if (next instanceof SQLException sql && sql.getSQLState() != null) {
        return passes(sql.getSQLState());
      }
      broken |= next instanceof IOException;
    }
    return broken;
  }

  private static boolean passes(String state) {
    return !LASTING.contains(state) && PASSING.stream().anyMatch(state::startsWith);
  }
}

package io.waltap.internal.connection;

import java.io.IOException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.SSLPeerUnverifiedException;
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

  /**
   * Whether trying again may help. Looks at the causes too; what the server said decides, except
   * that a JVM without memory reads the same again no better.
   */
  public static boolean of(@Nullable Throwable failure) {
    Set<Throwable> causes = new LinkedHashSet<>();
    for (Throwable next = failure; next != null && causes.add(next); next = next.getCause()) {
      if (isAboutTrust(next) || next instanceof VirtualMachineError) {
        return false;
      }
    }
    return causes.stream()
        .map(Transience::state)
        .filter(Objects::nonNull)
        .findFirst()
        .map(Transience::passes)
        .orElseGet(() -> causes.stream().anyMatch(IOException.class::isInstance));
  }

  /** A certificate that is refused; the driver calls that a connection failure as well. */
  private static boolean isAboutTrust(Throwable cause) {
    return cause instanceof CertificateException
        || cause instanceof CertPathValidatorException
        || cause instanceof SSLPeerUnverifiedException;
  }

  private static @Nullable String state(Throwable cause) {
    return cause instanceof SQLException sql ? sql.getSQLState() : null;
  }

  private static boolean passes(String state) {
    return !LASTING.contains(state) && PASSING.stream().anyMatch(state::startsWith);
  }
}

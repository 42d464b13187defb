package io.waltap.internal.dispatch;

import java.util.Arrays;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says what was thrown, fit for a log: the message only if this library wrote it, for those never
 * show a value; else the kind of exception and where it was made.
 */
final class Thrown {

  private static final Pattern OURS =
      Pattern.compile("io\\.waltap\\.(table|internal\\.decode)\\..*");
  private static final Pattern JDK = Pattern.compile("(java|jdk)\\..*");

  private Thrown() {}

  /** All that it says, for the user's own database. Never throws either. */
  static String words(Throwable thrown) {
    try {
      return String.valueOf(thrown);
    } catch (RuntimeException | Error e) {
      return thrown.getClass().getName();
    }
  }

  /** Never throws, whatever the class of an application does in the methods that it overrides. */
  static String describe(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "nothing was thrown";
    }
    String kind = thrown.getClass().getName();
    try {
      StackTraceElement[] trace = thrown.getStackTrace();
      if (trace.length > 0 && OURS.matcher(trace[0].getClassName()).matches()) {
        return String.valueOf(thrown.getMessage());
      }
      return Arrays.stream(trace)
          .filter(frame -> !JDK.matcher(frame.getClassName()).matches())
          .findFirst()
          .map(frame -> kind + " at " + frame)
          .orElse(kind);
    } catch (RuntimeException | Error e) {
      return kind;
    }
  }
}

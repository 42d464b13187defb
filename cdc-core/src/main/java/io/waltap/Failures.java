package io.waltap;

import io.waltap.internal.dispatch.DeliveryException;
import io.waltap.internal.engine.StoreLostException;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** Puts what ended an engine into one sentence, with its code and a remedy. */
final class Failures {

  private static final String MORE_MEMORY =
      "Give the JVM a larger heap (-Xmx) and start again: nothing was skipped. A change is in memory"
          + " whole, with both images of an update if the server sends both; a value that is asked"
          + " for as String is there twice while it is made, so read large ones by Row.getReader.";

  private Failures() {}

  static CdcException stopped(Throwable cause) {
    return cause instanceof CdcException said
        ? said
        : new CdcException(List.of(problem(cause)), cause);
  }

  private static Problem problem(Throwable cause) {
    String what = describe(cause);
    boolean memory = causes(cause).anyMatch(OutOfMemoryError.class::isInstance);
    if (cause instanceof DeliveryException) {
      return new Problem(
          Code.LISTENER_FAILED,
          what,
          memory
              ? MORE_MEMORY
              : "Mend the listener and start again: that change will be delivered again.");
    }
    if (memory) {
      return new Problem(
          Code.OUT_OF_MEMORY,
          "The memory of this JVM, with a heap of at most %d MiB, is not enough for the next change or for those that wait: %s."
              .formatted(Runtime.getRuntime().maxMemory() >> 20, what),
          MORE_MEMORY);
    }
    if (cause instanceof StoreLostException) {
      return new Problem(
          Code.OFFSET_STORE, what, "Let one engine run at a time with one store and one slot.");
    }
    return new Problem(
        Code.STREAM_FAILED,
        what,
        "Mend what it says, then start again; look into the server's log as well.");
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause).limit(100); // or a ring
  }

  static CdcException notStarted(Throwable cause) {
    return cause instanceof CdcException said
        ? said
        : new CdcException("WalTap could not start: " + describe(cause), cause);
  }

  /** Something that reads or writes. */
  interface Attempt<T> {
    T run() throws IOException, InterruptedException;
  }

  static <T> T unchecked(Attempt<T> attempt) throws InterruptedException {
    try {
      return attempt.run();
    } catch (IOException e) {
      throw new CdcException(describe(e), e);
    }
  }

  static String describe(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return cause instanceof SQLException sql
        ? message + " (SQLSTATE " + sql.getSQLState() + ")"
        : message;
  }
}

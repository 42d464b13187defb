package io.waltap;

import io.waltap.preflight.Problem;
import java.io.Serial;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says why an engine could not start or had to stop. Its message is meant to be shown as it is. */
public final class CdcException extends RuntimeException {

  @Serial private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  CdcException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.problems = List.of();
  }

  CdcException(List<Problem> problems) {
    super(
        problems.stream()
            .map(Problem::toString)
            .collect(Collectors.joining("\n  ", "WalTap cannot start:\n  ", "")));
    this.problems = List.copyOf(problems);
  }

  /** What was found wrong before the start, all of it; empty if the engine failed later. */
  public List<Problem> problems() {
    return problems;
  }
}

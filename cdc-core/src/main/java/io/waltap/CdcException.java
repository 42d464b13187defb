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

  /** Before the start. */
  CdcException(List<Problem> problems) {
    super(sentence("WalTap cannot start:", problems));
    this.problems = List.copyOf(problems);
  }

  /** After the start. */
  CdcException(List<Problem> problems, @Nullable Throwable cause) {
    super(sentence("WalTap stopped:", problems), cause);
    this.problems = List.copyOf(problems);
  }

  private static String sentence(String head, List<Problem> problems) {
    if (problems.size() == 1) {
      return head + " " + problems.get(0);
    }
    return problems.stream()
        .map(Problem::toString)
        .collect(Collectors.joining("\n  ", head + "\n  ", ""));
  }

  /**
   * What is wrong, each with a code for programs and what mends it: all that was found before the
   * start, or what made a running engine stop. Empty if the failure fits no code.
   */
  public List<Problem> problems() {
    return problems;
  }
}

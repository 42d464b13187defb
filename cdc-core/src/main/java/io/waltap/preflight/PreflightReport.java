package io.waltap.preflight;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a look at a server found, without changing anything there. {@link #toString()} is for
 * people.
 *
 * @param problems all that is wrong or worth a warning
 * @param facts what was seen; null if there was no connection, or the server is too old or did not
 *     answer
 */
public record PreflightReport(List<Problem> problems, @Nullable PreflightFacts facts) {

  /** Copies the list. */
  public PreflightReport {
    problems = List.copyOf(problems);
  }

  /** What keeps an engine from starting. */
  public List<Problem> errors() {
    return problems.stream().filter(Problem::isError).toList();
  }

  /** What does not keep an engine from starting. */
  public List<Problem> warnings() {
    return problems.stream().filter(problem -> !problem.isError()).toList();
  }

  /** Whether nothing was found, not even a warning. */
  public boolean isClean() {
    return problems.isEmpty();
  }

  /** Whether an engine could start now. */
  public boolean canStart() {
    return errors().isEmpty();
  }

  /** Problems with what mends them, then the facts; several lines. */
  @Override
  public String toString() {
    return ReportText.of(this);
  }
}

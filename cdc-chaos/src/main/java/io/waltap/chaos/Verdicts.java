package io.waltap.chaos;

import java.util.ArrayList;
import java.util.List;

/** What must not have happened, and did. Thread-safe. */
final class Verdicts {

  private final List<String> violations = new ArrayList<>();

  synchronized void violation(String sentence) {
    violations.add(sentence);
  }

  synchronized void violations(List<String> sentences) {
    violations.addAll(sentences);
  }

  synchronized List<String> violations() {
    return List.copyOf(violations);
  }

  synchronized boolean isClean() {
    return violations.isEmpty();
  }
}

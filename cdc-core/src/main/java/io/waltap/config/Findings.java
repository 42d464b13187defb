package io.waltap.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What is wrong with a configuration, gathered so that all of it is told at once. Each finding is a
 * sentence whose first word is the setting, or the key that stands for it in a file.
 */
final class Findings {

  private final Map<String, String> byKey = new LinkedHashMap<>();

  /** Keeps the first finding of a key: a value that cannot be read needs no second complaint. */
  void add(String key, String predicate) {
    byKey.putIfAbsent(key, predicate);
  }

  /** Takes over the findings of another, with each setting called by its key. */
  void addAll(Findings others, UnaryOperator<String> keyOfSetting) {
    others.byKey.forEach((setting, predicate) -> add(keyOfSetting.apply(setting), predicate));
  }

  /**
   * @param subject what the findings are about, as the beginning of a sentence
   * @throws IllegalArgumentException with every finding, if there is one
   */
  void throwIfAny(String subject) {
    if (byKey.isEmpty()) {
      return;
    }
    String count = byKey.size() == 1 ? "one problem" : byKey.size() + " problems";
    throw new IllegalArgumentException(
        byKey.entrySet().stream()
            .map(finding -> "\n  - " + finding.getKey() + " " + finding.getValue() + ".")
            .collect(Collectors.joining("", subject + " has " + count + ":", "")));
  }
}

package io.waltap.table;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The column names that a Java name stands for. */
final class Columns {

  /** Before the capital that starts a word: user|Id, URL|Path. */
  private static final Pattern WORD =
      Pattern.compile("(?<=[\\p{Ll}\\p{N}])(?=\\p{Lu})|(?<=\\p{Lu})(?=\\p{Lu}\\p{Ll})");

  private static final Pattern NUMBER = Pattern.compile("(?<=\\p{L})(?=\\p{N})");

  private Columns() {}

  /** The name itself, then in snake case, then in snake case with numbers as words. */
  static List<String> of(String name) {
    String snake = WORD.matcher(name).replaceAll("_").toLowerCase(Locale.ROOT);
    String numbered = NUMBER.matcher(snake).replaceAll("_");
    return Stream.of(name, snake, numbered).distinct().toList();
  }
}

package io.waltap.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The README, in the pieces that tests compare with the truth. */
final class Readme {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Readme() {}

  static String text() {
    return read(ROOT.resolve("README.md"));
  }

  static List<String> lines() {
    return text().lines().toList();
  }

  /** What stands in the fenced blocks of a language, in their order. */
  static List<String> blocks(String language) {
    return all("(?s)\n```" + language + "\n(.*?)\n```\n", text());
  }

  /** The lines of the block that follows a marker. */
  static List<String> command(String marker) {
    return all("(?s)<!-- " + marker + " -->\n```sh\n(.*?)\n```\n", text()).stream()
        .flatMap(String::lines)
        .toList();
  }

  /** Every line of every shell block. */
  static List<String> commands() {
    return blocks("sh").stream().flatMap(String::lines).toList();
  }

  /** The cells of the table whose header is {@code header}. */
  static List<List<String>> table(String header) {
    List<String> lines = lines();
    List<List<String>> rows = new ArrayList<>();
    for (int i = lines.indexOf(header) + 2; lines.get(i).startsWith("|"); i++) {
      rows.add(Stream.of(lines.get(i).split("\\|", -1)).skip(1).map(String::strip).toList());
    }
    return rows;
  }

  /** The words in backticks. */
  static List<String> code(String text) {
    return all("`([^`]+)`", text);
  }

  /** The first group of every match. */
  static List<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map((MatchResult match) -> match.group(1))
        .toList();
  }

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The Java sources of a folder, without those in folders below it. */
  static List<String> sources(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(f -> f.toString().endsWith(".java")).sorted().map(Readme::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

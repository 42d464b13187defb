package io.waltap.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Markdown file of the project, in the pieces that tests compare with the truth.
 *
 * @param file absolute
 */
record Paper(Path file) {

  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  static final Paper README = of("README.md");
  static final Paper TYPES = of("docs/types.md");
  static final Paper CONFIGURATION = of("docs/configuration.md");
  static final Paper OPERATIONS = of("docs/operations.md");

  private static Paper of(String name) {
    return new Paper(ROOT.resolve(name));
  }

  /** What a user of the library reads: the README and the pages that it refers to. */
  static List<Paper> manual() {
    return Stream.concat(Stream.of(README), pages().stream()).toList();
  }

  /** The pages in {@code docs/}. */
  static List<Paper> pages() {
    return in(ROOT.resolve("docs"));
  }

  /** Every Markdown file at the root, of the pages and of the modules. */
  static List<Paper> all() {
    try (Stream<Path> files = Files.list(ROOT)) {
      Stream<Path> folders = files.filter(Files::isDirectory).filter(f -> !f.endsWith("target"));
      return Stream.concat(Stream.of(ROOT), folders.sorted()).flatMap(f -> in(f).stream()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Paper> in(Path folder) {
    return files(folder, ".md").stream().map(Paper::new).toList();
  }

  String text() {
    return read(file);
  }

  List<String> lines() {
    return text().lines().toList();
  }

  /** What stands in the fenced blocks of a language, in their order. */
  List<String> blocks(String language) {
    return all("(?s)\n```" + language + "\n(.*?)\n```\n", text());
  }

  /** The lines of the block that follows a marker. */
  List<String> command(String marker) {
    return all("(?s)<!-- " + marker + " -->\n```sh\n(.*?)\n```\n", text()).stream()
        .flatMap(String::lines)
        .toList();
  }

  /** Every line of every shell block, and every command in the text. */
  List<String> commands() {
    Stream<String> blocks = blocks("sh").stream().flatMap(String::lines);
    return Stream.concat(blocks, spans().stream().filter(s -> s.startsWith("java "))).toList();
  }

  /** The cells of the table whose header is {@code header}. */
  List<List<String>> table(String header) {
    List<String> lines = lines();
    List<List<String>> rows = new ArrayList<>();
    for (int i = lines.indexOf(header) + 2; lines.get(i).startsWith("|"); i++) {
      rows.add(Stream.of(lines.get(i).split("\\|", -1)).skip(1).map(String::strip).toList());
    }
    return rows;
  }

  /** What stands in backticks outside of the fenced blocks. */
  List<String> spans() {
    return code(prose());
  }

  /** Where links and pictures lead, as it is written. */
  List<String> links() {
    String withoutCode = prose().replaceAll("`[^`\n]*`", "");
    return all("(?m)(?:\\]\\(|^\\[[^\\]]+\\]: *|(?:src|href)=\")([^)\\s\"]+)", withoutCode);
  }

  /** What a link can name after its {@code #}, as GitHub makes it of the headings. */
  List<String> anchors() {
    Map<String, Integer> seen = new HashMap<>();
    List<String> anchors = new ArrayList<>();
    for (String heading : all("(?m)^#{1,6} +(.+)$", prose())) {
      String words = heading.strip().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N} _-]", "");
      String anchor = words.replace(' ', '-');
      int before = seen.merge(anchor, 1, Integer::sum) - 1;
      anchors.add(before == 0 ? anchor : anchor + "-" + before);
    }
    return anchors;
  }

  private String prose() {
    return text().replaceAll("(?sm)^```.*?^```$", "");
  }

  /** The words in backticks. */
  static List<String> code(String text) {
    return all("`([^`\n]+)`", text);
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

  /** The files of a folder with such an ending, without those in folders below it. */
  static List<Path> files(Path folder, String ending) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String toString() {
    return ROOT.relativize(file).toString();
  }
}

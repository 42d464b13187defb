package io.waltap.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.preflight.Problem.Code;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/problems.md} has every code with what it says and what mends it. */
class ProblemsDocumentTest {

  private static final Path SOURCES = Path.of("src", "main", "java", "io", "waltap");

  private record Line(String code, String severity, String says, String mends) {}

  private final List<Line> lines =
      read(Path.of("..", "docs", "problems.md"))
          .lines()
          .filter(line -> line.startsWith("| `"))
          .map(line -> line.split(" *\\| *", -1))
          .map(cells -> new Line(cells[1].replace("`", ""), cells[2], cells[3], cells[4]))
          .toList();

  @Test
  void hasEachCodeOnceInTheirOrder() {
    assertThat(lines)
        .extracting(Line::code)
        .containsExactly(Stream.of(Code.values()).map(Code::name).toArray(String[]::new));
  }

  @Test
  void tellsHowMuchItMattersAndWhatMendsIt() {
    assertThat(lines)
        .allSatisfy(
            line -> {
              String severity = Code.valueOf(line.code()).severity().name();
              assertThat(line.severity()).isEqualTo(severity.toLowerCase(Locale.ROOT));
              assertThat(line.mends()).isNotBlank();
            });
  }

  @Test
  void saysWhatTheLibrarySays() {
    List<String> sources =
        Stream.of("", "internal/preflight", "internal/dispatch", "offset")
            .flatMap(room -> sources(SOURCES.resolve(room)))
            .toList();
    List<String> unsaid =
        lines.stream()
            .flatMap(line -> Stream.of(line.says().split("<br>", -1)))
            .filter(sentence -> sources.stream().noneMatch(pattern(sentence).asPredicate()))
            .toList();

    assertThat(unsaid).isEmpty();
  }

  private static Stream<String> sources(Path room) {
    try (Stream<Path> files = Files.list(room)) {
      return files.filter(Files::isRegularFile).map(file -> joined(read(file))).toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands in angle brackets is computed, by whatever code there is in between. */
  private static Pattern pattern(String sentence) {
    return Pattern.compile(
        Stream.of(sentence.split("‹[^›]+›", -1))
            .filter(part -> !part.isBlank())
            .map(Pattern::quote)
            .collect(Collectors.joining(".{1,2000}?")));
  }

  /** Each literal in one piece, with the quotes that are inside written as they are shown. */
  private static String joined(String source) {
    return source
        .replace("\\\"", "\u0001")
        .replaceAll("\"\\s*\\+\\s*\"", "")
        .replace("\u0001", "\"")
        .replaceAll("\\s+", " ");
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Keeps files short enough to be read at once. */
class SizeTest {

  private static final Path SOURCES = Path.of("src", "main", "java");

  @Test
  void noFileIsLong() throws IOException {
    assertThat(lines()).allSatisfy((file, lines) -> assertThat(lines).isLessThanOrEqualTo(400));
  }

  @Test
  void mostFilesAreShort() throws IOException {
    List<Integer> sorted = lines().values().stream().sorted().toList();

    assertThat(sorted).isNotEmpty();
    assertThat(sorted.get(sorted.size() / 2)).as("median of lines").isLessThanOrEqualTo(90);
  }

  private static Map<Path, Integer> lines() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .collect(Collectors.toMap(file -> file, SizeTest::count));
    }
  }

  private static int count(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

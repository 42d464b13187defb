package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Every link in a Markdown file leads somewhere. */
class LinksTest {

  @Test
  void everyLinkInsideOfTheProjectLeadsToAFileAndAHeading() {
    List<String> broken =
        Paper.all().stream()
            .flatMap(
                paper ->
                    inside(paper)
                        .filter(link -> !leadsSomewhere(paper, link))
                        .map(link -> paper + " to " + link))
            .toList();

    assertThat(Paper.all().stream().flatMap(LinksTest::inside)).hasSizeGreaterThan(20);
    assertThat(broken).isEmpty();
  }

  @Test
  void everyPageIsLinkedFromTheReadme() {
    List<Path> linked =
        inside(Paper.README).map(link -> target(Paper.README, link)).distinct().toList();

    assertThat(Paper.pages()).isNotEmpty().extracting(Paper::file).isSubsetOf(linked);
  }

  private static Stream<String> inside(Paper paper) {
    return paper.links().stream().filter(link -> !link.matches("[a-z]+:.*"));
  }

  private static boolean leadsSomewhere(Paper paper, String link) {
    Path target = target(paper, link);
    if (!target.startsWith(Paper.ROOT) || !Files.exists(target)) {
      return false;
    }
    int hash = link.indexOf('#');
    return hash < 0 || new Paper(target).anchors().contains(link.substring(hash + 1));
  }

  private static Path target(Paper paper, String link) {
    String file = link.replaceAll("#.*", "");
    return file.isEmpty() ? paper.file() : paper.file().resolveSibling(file).normalize();
  }
}

package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What a newcomer copies from the README or from a page of {@code docs} is compiled, whole, and
 * where it says it is.
 */
class ReadmeTest {

  private static final Path CODE = Path.of("src/main/java/io/waltap/examples/readme");

  @Test
  void javaStandsInItsFirstLinesAndItIsNotLong() {
    assertThat(Paper.README.lines()).hasSizeLessThanOrEqualTo(250);
    assertThat(Paper.README.lines().subList(0, 25)).contains("```java");
  }

  @Test
  void everyJavaBlockIsCompiledAndEveryRegionIsShown() {
    List<String> blocks =
        Paper.all().stream()
            .flatMap(paper -> paper.blocks("java").stream())
            .map(ReadmeTest::dense)
            .toList();

    assertThat(blocks).isNotEmpty().containsExactlyInAnyOrderElementsOf(regions());
  }

  @Test
  void noBlockIsWrittenSoThatItEscapesTheTests() {
    assertThat(Paper.all())
        .allSatisfy(
            paper ->
                assertThat(paper.lines().stream().filter(line -> line.contains("```")))
                    .isSubsetOf("```", "```java", "```sh", "```sql", "```xml", "```properties"));
  }

  @Test
  void commandsOneAndTwoAreSingleLines() {
    assertThat(Paper.README.command("command one")).hasSize(1);
    assertThat(Paper.README.command("command two")).hasSize(1);
  }

  @Test
  void everyJarIsOneOfTheModules() {
    String pom = Paper.read(Paper.ROOT.resolve("pom.xml"));
    List<String> folders =
        Paper.all().stream()
            .flatMap(paper -> paper.commands().stream())
            .flatMap(line -> Paper.all("-jar (\\S+)/target/", line).stream())
            .toList();

    assertThat(folders)
        .contains("cdc-examples", "cdc-generator", "cdc-benchmarks")
        .allSatisfy(folder -> assertThat(pom).contains("<module>" + folder + "</module>"));
  }

  @Test
  void mavenSnippetIsTheCoordinatesOfTheLibrary() {
    String pom = Paper.read(Paper.ROOT.resolve("cdc-core/pom.xml"));
    String snippet = Paper.README.blocks("xml").get(0);

    assertThat(first("groupId", snippet)).isEqualTo(first("groupId", pom));
    assertThat(first("version", snippet)).isEqualTo(first("version", pom));
    assertThat(pom).contains("</parent>\n\n  <artifactId>" + first("artifactId", snippet) + "<");
  }

  private static List<String> regions() {
    return Paper.files(CODE, ".java").stream()
        .flatMap(source -> regions(Paper.read(source)).stream())
        .map(ReadmeTest::dense)
        .toList();
  }

  private static List<String> regions(String source) {
    return Paper.all("(?s)// readme: (?!end)[^\n]+\n(.*?)// readme: end", source);
  }

  /** Lines may be broken otherwise there than the formatter breaks them here. */
  private static String dense(String code) {
    return String.join("", Stream.of(code.split("\\s+")).toList());
  }

  private static String first(String element, String xml) {
    return Paper.all("<" + element + ">([^<]+)<", xml).get(0);
  }
}

package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a newcomer copies from the README is compiled, whole, and where it says it is. */
class ReadmeTest {

  private static final Path CODE = Path.of("src/main/java/io/waltap/examples/readme");

  @Test
  void javaStandsInItsFirstLinesAndItIsNotLong() {
    assertThat(Readme.lines()).hasSizeLessThanOrEqualTo(250);
    assertThat(Readme.lines().subList(0, 25)).contains("```java");
  }

  @Test
  void everyJavaBlockIsCompiledAndEveryRegionIsShown() {
    List<String> blocks = Readme.blocks("java").stream().map(ReadmeTest::dense).toList();

    assertThat(blocks).isNotEmpty().containsExactlyInAnyOrderElementsOf(regions());
  }

  @Test
  void commandsOneAndTwoAreSingleLines() {
    assertThat(Readme.command("command one")).hasSize(1);
    assertThat(Readme.command("command two")).hasSize(1);
  }

  @Test
  void everyJarIsOneOfTheModules() {
    String pom = Readme.read(Readme.ROOT.resolve("pom.xml"));
    List<String> folders =
        Readme.commands().stream()
            .flatMap(line -> Readme.all("-jar (\\S+)/target/", line).stream())
            .toList();

    assertThat(folders)
        .contains("cdc-examples", "cdc-generator")
        .allSatisfy(folder -> assertThat(pom).contains("<module>" + folder + "</module>"));
  }

  @Test
  void mavenSnippetIsTheCoordinatesOfTheLibrary() {
    String pom = Readme.read(Readme.ROOT.resolve("cdc-core/pom.xml"));
    String snippet = Readme.blocks("xml").get(0);

    assertThat(first("groupId", snippet)).isEqualTo(first("groupId", pom));
    assertThat(first("version", snippet)).isEqualTo(first("version", pom));
    assertThat(pom).contains("</parent>\n\n  <artifactId>" + first("artifactId", snippet) + "<");
  }

  @Test
  void everyFileThatItLinksToIsThere() {
    assertThat(Readme.all("\\]\\(([^)#:]+)\\)", Readme.text()))
        .isNotEmpty()
        .allSatisfy(file -> assertThat(Readme.ROOT.resolve(file)).exists());
  }

  private static List<String> regions() {
    return Readme.sources(CODE).stream()
        .flatMap(source -> regions(source).stream())
        .map(ReadmeTest::dense)
        .toList();
  }

  private static List<String> regions(String source) {
    return Readme.all("(?s)// readme: (?!end)[^\n]+\n(.*?)// readme: end", source);
  }

  /** Lines may be broken otherwise there than the formatter breaks them here. */
  private static String dense(String code) {
    return String.join("", Stream.of(code.split("\\s+")).toList());
  }

  private static String first(String element, String xml) {
    return Readme.all("<" + element + ">([^<]+)<", xml).get(0);
  }
}

package io.waltap.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Every option that the README or a page of {@code docs} names is one that the program knows. */
class ReadmeCommandsIT {

  private static final String OPTION = "(?<![\\w-])(--[a-z][a-z-]*)";

  @Test
  void optionsOfTheExamplesAreKnown() throws Exception {
    Set<String> named = optionsFor("cdc-examples/target/cdc-examples.jar");
    String text = Paper.README.text();
    named.addAll(
        Paper.all(OPTION, text.substring(text.indexOf("## See it"), text.indexOf("## Use it"))));

    assertThat(named).contains("--url", "--duration");
    assertThat(options("cdc-examples/target/cdc-examples.jar")).containsAll(named);
  }

  @Test
  void optionsOfTheGeneratorAreKnown() throws Exception {
    Set<String> named = optionsFor("cdc-generator/target/cdc-generator.jar");

    assertThat(named).contains("--url", "--mix");
    assertThat(options("cdc-generator/target/cdc-generator.jar")).containsAll(named);
  }

  private static Set<String> optionsFor(String jar) {
    Set<String> options = new LinkedHashSet<>();
    for (Paper paper : Paper.manual()) {
      for (String line : paper.commands()) {
        if (line.contains(jar)) {
          options.addAll(Paper.all(OPTION, line));
        }
      }
    }
    return options;
  }

  private static List<String> options(String jar) throws IOException, InterruptedException {
    Process help =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                jar,
                "--help")
            .directory(Paper.ROOT.toFile())
            .redirectErrorStream(true)
            .start();
    String said = new String(help.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(help.waitFor()).as("%s --help said: %s", jar, said).isZero();
    return Paper.all(OPTION, said);
  }
}

package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** One run of the command line in this JVM, with what it printed. */
record Run(int exitCode, String out, String err) {

  /** It said this one sentence, and that the server did not let it. */
  static void refused(Run run, String sentence) {
    assertThat(run.err()).isEqualTo(sentence + System.lineSeparator());
    assertThat(run.exitCode()).isEqualTo(1);
  }

  static Run of(String... args) {
    return in(Map.of(), args);
  }

  /** With environment variables. */
  static Run in(Map<String, String> environment, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine line =
        GeneratorMain.commandLine(environment, args)
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err));
    return new Run(line.execute(args), out.toString(), err.toString());
  }
}

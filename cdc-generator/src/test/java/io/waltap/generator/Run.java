package io.waltap.generator;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;

/** One run of the command line in this JVM, with what it printed. */
record Run(int exitCode, String out, String err) {

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

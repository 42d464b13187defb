package io.waltap.examples;

import io.waltap.config.SslMode;
import io.waltap.generator.Durations;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Watch it work: changes of a real PostgreSQL arrive, typed, while a generator writes. {@code
 * --help} explains the options. Exit code 0 if everything that was written has arrived, or with
 * {@code --check} if an engine could start; 1 if not or if the server did not let us; 2 if the
 * arguments make no sense.
 */
public final class QuickstartMain {

  private QuickstartMain() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    Interruption interruption = Interruption.watch();
    int exitCode = commandLine(System.getenv(), interruption::stopWith).execute(args);
    interruption.ended(exitCode);
    System.exit(exitCode);
  }

  static CommandLine commandLine(
      Map<String, String> environment, Consumer<Runnable> onInterruption) {
    return new CommandLine(new QuickstartCommand(environment, onInterruption))
        .registerConverter(Duration.class, converter(Durations::parse))
        .registerConverter(Double.class, converter(QuickstartMain::number))
        .registerConverter(SslMode.class, converter(QuickstartMain::sslMode))
        .setParameterExceptionHandler(
            (failure, args) -> fail(failure.getCommandLine(), 2, usage(failure)))
        .setExecutionExceptionHandler((failure, line, parsed) -> fail(line, 1, sentences(failure)));
  }

  /** Keeps our own sentence instead of one that quotes a Java exception. */
  private static <T> ITypeConverter<T> converter(Function<String, T> parse) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    };
  }

  private static Double number(String text) {
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("'" + text + "' is not a number.", e);
    }
  }

  private static SslMode sslMode(String word) {
    return Arrays.stream(SslMode.values())
        .filter(mode -> mode.word().equals(word.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "'"
                        + word
                        + "' is no sslmode: write "
                        + String.join(
                            ", ", Arrays.stream(SslMode.values()).map(SslMode::word).toList())
                        + "."));
  }

  private static int fail(CommandLine line, int exitCode, String sentence) {
    PrintWriter err = line.getErr();
    err.println(sentence);
    err.flush();
    return exitCode;
  }

  /** What went wrong, and what went wrong while cleaning up after it. */
  private static String sentences(Throwable failure) {
    StringBuilder text = new StringBuilder(sentence(failure));
    for (Throwable after : failure.getSuppressed()) {
      text.append(System.lineSeparator()).append(sentence(after));
    }
    return text.toString();
  }

  private static String sentence(Throwable failure) {
    return failure instanceof SQLException refusal
        ? "PostgreSQL ended the run (" + Reason.of(refusal) + "): mend that and start again."
        : String.valueOf(failure.getMessage());
  }

  /** Does not repeat what belongs to a misspelt option: it could be the password. */
  private static String usage(ParameterException failure) {
    if (failure instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      return first.startsWith("-")
          ? "There is no option '"
              + first.replaceFirst("^(--[a-z-]*|-.).*", "$1")
              + "': see --help."
          : "There is a value that belongs to no option: see --help.";
    }
    return String.valueOf(failure.getMessage());
  }
}

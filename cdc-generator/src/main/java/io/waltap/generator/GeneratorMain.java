package io.waltap.generator;

import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * The command line; {@code --help} explains it. Exit code 0 if all was written, 1 if the server did
 * not let it, 2 if the arguments make no sense, 3 if an audit found defects.
 */
public final class GeneratorMain {

  /** The driver's own warnings, which would stand beside our one sentence. Held against the GC. */
  private static final Logger DRIVER_LOG = Logger.getLogger("org.postgresql");

  private GeneratorMain() {}

  /** Runs the command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine(System.getenv(), args).execute(args));
  }

  /**
   * @param args what it will execute
   */
  static CommandLine commandLine(Map<String, String> environment, String... args) {
    DRIVER_LOG.setLevel(Level.OFF);
    CommandLine line = new CommandLine(new GeneratorCommand(environment));
    line.getCommandSpec().defaultValueProvider(new Defaults(environment, args));
    return line.registerConverter(Mix.class, converter(Mix::parse))
        .registerConverter(Range.class, converter(Range::parse))
        .registerConverter(RateShape.Form.class, converter(RateShape.Form::parse))
        .registerConverter(InsertStyle.class, converter(InsertStyle::parse))
        .registerConverter(Preset.class, converter(Preset::parse))
        .registerConverter(RowLines.class, converter(RowLines::parse))
        .registerConverter(Locale.class, converter(GeneratorMain::locale))
        .registerConverter(Duration.class, converter(Durations::parse))
        .registerConverter(
            LocalDateTime.class,
            checked(LocalDateTime::parse, "a time such as 2026-01-01T00:00:00"))
        .registerConverter(Double.class, checked(Double::valueOf, "a number"))
        .registerConverter(Integer.class, checked(Integer::valueOf, "a whole number"))
        .registerConverter(Long.class, checked(Long::valueOf, "a whole number"))
        .setParameterExceptionHandler(
            (failure, given) -> fail(failure.getCommandLine(), 2, usage(failure)))
        .setExecutionExceptionHandler(
            (failure, failed, parsed) -> fail(failed, 1, explain(failure, failed)));
  }

  /** As {@code de-DE}, or as {@code de_DE}, which is how the shell's own variables have it. */
  private static Locale locale(String text) {
    Locale locale = Locale.forLanguageTag(text.replace('_', '-'));
    if (locale.getLanguage().isEmpty()) {
      throw new IllegalArgumentException("'" + text + "' is not a locale: write it like de-DE.");
    }
    return locale;
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

  private static <T> ITypeConverter<T> checked(Function<String, T> parse, String what) {
    return text -> {
      try {
        return parse.apply(text);
      } catch (NumberFormatException | DateTimeParseException e) {
        throw new TypeConversionException("'" + text + "' is not " + what + ".");
      }
    };
  }

  private static int fail(CommandLine line, int exitCode, String sentence) {
    PrintWriter err = line.getErr();
    err.println(sentence);
    err.flush();
    return exitCode;
  }

  private static String explain(Exception failure, CommandLine line) {
    CommandLine first = line.getParent() == null ? line : line.getParent();
    GeneratorCommand command = first.getCommand();
    return failure instanceof SQLException refusal
        ? command.server().explain(refusal)
        : Objects.toString(failure.getMessage(), failure.toString());
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

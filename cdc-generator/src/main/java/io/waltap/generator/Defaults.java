package io.waltap.generator;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/**
 * Where the options come from that are not on the command line: the environment, then the file of
 * {@code --config}, then the preset.
 */
final class Defaults implements IDefaultValueProvider {

  private static final List<String> ENDS = List.of("count", "duration");

  private final Map<String, String> environment;
  private final Given given = new Given();
  private @Nullable List<Map<String, String>> sources;

  /** What must be known of the command line before the rest of it can be read. */
  @Command
  private static final class Given {
    @Option(names = "--config")
    private @Nullable String config;

    @Option(names = "--preset")
    private @Nullable String preset;

    @Option(names = {"--count", "--duration"})
    private @Nullable String end;
  }

  Defaults(Map<String, String> environment, String... args) {
    this.environment = environment;
    try {
      new CommandLine(given)
          .setUnmatchedArgumentsAllowed(true)
          .setOverwrittenOptionsAllowed(true)
          .parseArgs(args);
    } catch (ParameterException e) {
      // The command line itself will say so.
    }
  }

  @Override
  public @Nullable String defaultValue(ArgSpec arg) {
    if (!(arg instanceof OptionSpec option)) {
      return null;
    }
    String name = nameOf(option);
    for (Map<String, String> source : sources(option.command())) {
      if (!ENDS.contains(name)) {
        String value = source.get(name);
        if (value != null) {
          return value;
        }
      } else if (given.end == null && ENDS.stream().anyMatch(source::containsKey)) {
        return source.get(name);
      }
    }
    return null;
  }

  private static String nameOf(OptionSpec option) {
    return option.longestName().substring(2);
  }

  private List<Map<String, String>> sources(CommandSpec command) {
    if (sources == null) {
      Map<String, String> variables = variables(command);
      Map<String, String> file = file(command, first(given.config, variables.get("config")));
      String preset = first(given.preset, variables.get("preset"), file.get("preset"));
      sources = List.of(variables, file, preset(command, preset));
    }
    return sources;
  }

  private static @Nullable String first(@Nullable String... values) {
    for (String value : values) {
      if (value != null) {
        return value;
      }
    }
    return null;
  }

  private Map<String, String> variables(CommandSpec command) {
    Map<String, String> variables = new TreeMap<>();
    for (OptionSpec option : command.options()) {
      String name = nameOf(option);
      String variable = "WALTAP_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
      String value = environment.get(variable);
      if (value != null) {
        variables.put(name, value);
      }
    }
    return variables;
  }

  private static Map<String, String> file(CommandSpec command, @Nullable String path) {
    Properties properties = new Properties();
    if (path != null) {
      try (Reader reader = Files.newBufferedReader(Path.of(path), StandardCharsets.UTF_8)) {
        properties.load(reader);
      } catch (IOException | IllegalArgumentException e) {
        throw wrong(command, "The file %s of --config cannot be read: correct it.", path);
      }
    }
    Map<String, String> values = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (!command.optionsMap().containsKey("--" + key)) {
        throw wrong(command, "There is no option '%s', which the file of --config sets.", key);
      }
      values.put(key, properties.getProperty(key));
    }
    return values;
  }

  private static Map<String, String> preset(CommandSpec command, @Nullable String name) {
    try {
      return name == null ? Map.of() : Preset.parse(name).defaults();
    } catch (IllegalArgumentException e) {
      throw wrong(command, "%s", String.valueOf(e.getMessage()));
    }
  }

  private static ParameterException wrong(CommandSpec command, String form, String value) {
    return new ParameterException(command.commandLine(), form.formatted(value));
  }
}

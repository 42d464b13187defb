package io.waltap.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads settings from a {@code .properties} file and lets the environment override them. */
final class ConfigFile {

  private static final Logger log = LoggerFactory.getLogger(ConfigFile.class);

  private static final String FILE_PREFIX = "waltap.";
  private static final String DEBEZIUM_PREFIX = "waltap.debezium.";
  private static final String VARIABLE_PREFIX = "WALTAP_";

  private final Path file;
  private final Settings settings = new Settings();
  private final Findings findings = new Findings();

  /** Where a setting was read from, if not from its key in the file. */
  private final Map<String, String> variables = new HashMap<>();

  private ConfigFile(Path file) {
    this.file = file;
  }

  /**
   * Reads settings that have passed every check.
   *
   * @throws IllegalArgumentException with everything that is wrong
   */
  static Settings read(Path file, Map<String, String> environment) {
    ConfigFile reading = new ConfigFile(file);
    // The file is told of them, so that a value that does not count is not complained about.
    Map<String, String> overrides = reading.overrides(environment);
    reading.readFile(overrides);
    overrides.forEach(
        (setting, text) ->
            TextSettings.read(
                reading.settings, setting, variable(setting), text, reading.findings));
    reading.findings.addAll(SettingsCheck.of(reading.settings), reading::keyOf);
    reading.findings.throwIfAny("The configuration file " + file);
    return reading.settings;
  }

  private Map<String, String> overrides(Map<String, String> environment) {
    Map<String, String> overrides = new LinkedHashMap<>();
    for (String setting : TextSettings.READERS.keySet()) {
      String text = environment.get(variable(setting));
      if (text != null) {
        overrides.put(setting, text);
        variables.put(setting, variable(setting));
      }
    }
    warnOfStrangers(environment);
    return overrides;
  }

  /** Only a warning: container platforms set variables after the names of services. */
  private static void warnOfStrangers(Map<String, String> environment) {
    TreeSet<String> strangers = new TreeSet<>(environment.keySet());
    strangers.removeIf(variable -> !variable.startsWith(VARIABLE_PREFIX));
    TextSettings.READERS.keySet().forEach(setting -> strangers.remove(variable(setting)));
    if (!strangers.isEmpty()) {
      log.warn("These environment variables are no settings of WalTap: {}", strangers);
    }
  }

  private void readFile(Map<String, String> overrides) {
    Map<String, String> settingsByKey = new LinkedHashMap<>();
    TextSettings.READERS.keySet().forEach(setting -> settingsByKey.put(key(setting), setting));
    Properties properties = properties();
    for (String key : new TreeSet<>(properties.stringPropertyNames())) {
      String text = properties.getProperty(key);
      String setting = settingsByKey.get(key);
      if (setting != null) {
        if (!overrides.containsKey(setting)) {
          TextSettings.read(settings, setting, key, text, findings);
        }
      } else if (key.startsWith(DEBEZIUM_PREFIX)) {
        settings.debezium.put(key.substring(DEBEZIUM_PREFIX.length()), text);
      } else {
        findings.add(
            key,
            "is not a setting; remove it or write one of "
                + String.join(", ", settingsByKey.keySet())
                + ", "
                + DEBEZIUM_PREFIX
                + "*");
      }
    }
  }

  private Properties properties() {
    Properties properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
      return properties;
    } catch (NoSuchFileException e) {
      throw unreadable("does not exist; create it or correct the path", e);
    } catch (CharacterCodingException e) {
      throw unreadable("is not UTF-8 text; save it as UTF-8", e);
    } catch (IOException e) {
      throw unreadable("cannot be read; check that it is a file this user may read", e);
    } catch (IllegalArgumentException e) {
      throw unreadable("has a malformed \\u escape; write the character itself", e);
    }
  }

  private IllegalArgumentException unreadable(String why, Exception cause) {
    return new IllegalArgumentException(
        "The configuration file " + file.toAbsolutePath() + " " + why + ".", cause);
  }

  private String keyOf(String setting) {
    String variable = variables.get(setting);
    return variable != null ? variable : key(setting);
  }

  private static String key(String setting) {
    return setting.startsWith("debezium.")
        ? FILE_PREFIX + setting
        : FILE_PREFIX + setting.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  private static String variable(String setting) {
    return VARIABLE_PREFIX + setting.replaceAll("([A-Z])", "_$1").toUpperCase(Locale.ROOT);
  }
}

package io.waltap.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How each setting is read from text. A value that cannot be read is an {@link
 * IllegalArgumentException} whose message goes on from "the setting ...".
 */
final class TextSettings {

  private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,15})(ms|s|m|h)");

  /** By the setting's name in the builder, in the order of the documentation. */
  static final Map<String, BiConsumer<Settings, String>> READERS = readers();

  private TextSettings() {}

  private static Map<String, BiConsumer<Settings, String>> readers() {
    Map<String, BiConsumer<Settings, String>> readers = new LinkedHashMap<>();
    readers.put("url", (s, text) -> s.url = text);
    readers.put("user", (s, text) -> s.user = text);
    readers.put("password", (s, text) -> s.password = Password.of(text));
    readers.put("passwordFile", (s, text) -> s.password = Password.in(path(text)));
    readers.put("name", (s, text) -> s.name = text);
    readers.put("slot", (s, text) -> s.slot = text);
    readers.put("publication", (s, text) -> s.publication = text);
    readers.put("snapshotMode", (s, text) -> s.snapshotMode = word(SnapshotMode.class, text));
    readers.put("snapshotThreads", (s, text) -> s.snapshotThreads = Math.toIntExact(number(text)));
    readers.put("unchanged", (s, text) -> s.unchanged = word(UnchangedPolicy.class, text));
    readers.put("sslMode", (s, text) -> s.sslMode = word(SslMode.class, text));
    readers.put("sslRootCertificate", (s, text) -> s.sslRootCertificate = path(text));
    readers.put("sslCertificate", (s, text) -> s.sslCertificate = path(text));
    readers.put("sslKey", (s, text) -> s.sslKey = path(text));
    readers.put("offsetFile", (s, text) -> s.offsetFile = path(text));
    readers.put("connectTimeout", (s, text) -> s.connectTimeout = duration(text));
    readers.put("statusInterval", (s, text) -> s.statusInterval = duration(text));
    readers.put("stopTimeout", (s, text) -> s.stopTimeout = duration(text));
    readers.put("heartbeatInterval", (s, text) -> s.heartbeatInterval = duration(text));
    readers.put("heartbeatTable", (s, text) -> s.heartbeatTable = text);
    readers.put("walBudget", (s, text) -> s.walBudget = number(text));
    readers.put("maxBatchSize", (s, text) -> s.maxBatchSize = Math.toIntExact(number(text)));
    readers.put("maxQueueSize", (s, text) -> s.maxQueueSize = Math.toIntExact(number(text)));
    readers.put("maxQueueBytes", (s, text) -> s.maxQueueBytes = number(text));
    return Collections.unmodifiableMap(readers);
  }

  /** Reads one setting, or adds to the findings why it cannot be read. */
  static void read(Settings settings, String setting, String key, String text, Findings findings) {
    BiConsumer<Settings, String> reader = READERS.get(setting);
    if (reader == null) {
      throw new IllegalStateException("no reader for " + setting);
    }
    try {
      reader.accept(settings, text);
    } catch (ArithmeticException e) {
      findings.add(key, "is '" + text + "', which is too large; lower it");
    } catch (IllegalArgumentException e) {
      findings.add(key, "is '" + text + "', " + e.getMessage());
    }
  }

  private static Duration duration(String text) {
    Matcher matcher = SHORT_DURATION.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      return switch (matcher.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        default -> Duration.ofHours(amount);
      };
    }
    try {
      return Duration.parse(text.strip());
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("no duration; write for example 500ms, 5s, 1m or PT5S", e);
    }
  }

  private static long number(String text) {
    try {
      return Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("no whole number; write for example 2048", e);
    }
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("no file; name one or remove the key");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("no file name; correct it", e);
    }
  }

  private static <E extends Enum<E>> E word(Class<E> type, String text) {
    String wanted = wordOf(text.strip());
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> wordOf(constant.name()).equals(wanted))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown; write one of " + words(type)));
  }

  private static String words(Class<? extends Enum<?>> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> wordOf(constant.name()))
        .collect(Collectors.joining(", "));
  }

  private static String wordOf(String text) {
    return text.toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

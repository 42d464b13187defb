package io.waltap.config;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads settings from the JSON that one would have posted to Kafka Connect. */
final class ConnectorJson {

  private static final Logger log = LoggerFactory.getLogger(ConnectorJson.class);

  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final String HOST = "database.hostname";
  private static final String PORT = "database.port";
  private static final String DATABASE = "database.dbname";

  /** Beside {@code config}: what Connect's own answers hold, with no meaning for one connector. */
  private static final Set<String> FRAME = Set.of("name", "config", "tasks", "type");

  private final Settings settings = new Settings();
  private final Findings findings = new Findings();
  private final List<String> withoutEffect = new ArrayList<>();

  private ConnectorJson() {}

  /** Reads a file; otherwise as {@link #read(String)}. */
  static Settings read(Path file) {
    String json;
    try {
      json = Files.readString(file);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "The connector JSON "
              + file.toAbsolutePath()
              + " cannot be read; check that it is a UTF-8 file this user may read.",
          e);
    }
    return read(json);
  }

  /**
   * Reads settings that have passed every check.
   *
   * @throws IllegalArgumentException with everything that is wrong
   */
  static Settings read(String json) {
    ConnectorJson reading = new ConnectorJson();
    reading.readConfig(reading.unwrap(parse(json)));
    reading.findings.addAll(SettingsCheck.of(reading.settings), ConnectorJson::keyOf);
    reading.findings.throwIfAny("The connector JSON");
    reading.logWithoutEffect();
    return reading.settings;
  }

  private void logWithoutEffect() {
    if (!withoutEffect.isEmpty()) {
      log.info("Without effect inside a process, and therefore ignored: {}", withoutEffect);
    }
  }

  /** Neither the parser's message nor the cause is passed on: both may quote a password. */
  private static JsonNode parse(String json) {
    JsonNode root;
    try {
      root = MAPPER.readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "The connector JSON is malformed" + at(e.getLocation()) + "; correct it there.");
    }
    if (!root.isObject()) {
      throw new IllegalArgumentException(
          "The connector JSON is not an object; give {\"name\": ..., \"config\": {...}} or just the"
              + " object with the settings.");
    }
    return root;
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private JsonNode unwrap(JsonNode root) {
    JsonNode config = root.get("config");
    if (config == null) {
      return root;
    }
    for (Map.Entry<String, JsonNode> entry : root.properties()) {
      if (!FRAME.contains(entry.getKey())) {
        findings.add(entry.getKey(), "stands beside \"config\"; move it inside or remove it");
      }
    }
    if (!config.isObject()) {
      findings.add("config", "is not an object; put the settings in braces");
    }
    return config;
  }

  private void readConfig(JsonNode config) {
    for (Map.Entry<String, JsonNode> entry : config.properties()) {
      String key = entry.getKey();
      if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
        readKey(key, entry.getValue().asText());
      } else {
        findings.add(key, "is not a plain value; write a text, a number, true or false");
      }
    }
    readAddress(config);
  }

  private void readKey(String key, String text) {
    switch (ConnectorKeys.classify(key)) {
      case ADDRESS -> {}
      case SETTING -> readSetting(key, text);
      case FIXED -> ConnectorKeys.refusal(key, text).ifPresent(why -> findings.add(key, why));
      case WITHOUT_EFFECT -> withoutEffect.add(key);
      case UNKNOWN ->
          findings.add(
              key,
              OwnedKeys.remedyFor(key)
                  .map(remedy -> "is not honoured; " + remedy)
                  .orElse(
                      "is not honoured; remove it, or set it with debezium(key, value) on"
                          + " toBuilder() if you need it"));
    }
  }

  private void readSetting(String key, String text) {
    if (key.endsWith(".ms") && !text.matches("\\d{1,15}")) {
      findings.add(
          key, "is '" + text + "', no whole number of milliseconds; write for example 1000");
      return;
    }
    TextSettings.read(
        settings, ConnectorKeys.settingOf(key), key, ConnectorKeys.translate(key, text), findings);
  }

  private void readAddress(JsonNode config) {
    String host = config.path(HOST).asText("");
    String database = config.path(DATABASE).asText("");
    requireGiven(HOST, host);
    requireGiven(DATABASE, database);
    String port = config.path(PORT).asText(String.valueOf(Address.DEFAULT_PORT));
    if (!port.matches("\\d{1,5}")) {
      findings.add(PORT, "is not a port; write a number from 1 to 65535");
      port = String.valueOf(Address.DEFAULT_PORT);
    }
    boolean bareIpv6 = host.contains(":") && !host.startsWith("[");
    // Stand-ins keep the address readable where a part is missing, which is a finding already.
    settings.url =
        "jdbc:postgresql://"
            + (host.isEmpty() ? "missing" : bareIpv6 ? "[" + host + "]" : host)
            + ":"
            + port
            + "/"
            + (database.isEmpty() ? "missing" : database);
  }

  private void requireGiven(String key, String value) {
    if (value.isEmpty()) {
      findings.add(key, "is missing; add it");
    }
  }

  private static String keyOf(String setting) {
    return setting.equals("url")
        ? "The address made of " + HOST + ", " + PORT + " and " + DATABASE
        : Objects.requireNonNullElse(ConnectorKeys.keyOf(setting), setting);
  }
}

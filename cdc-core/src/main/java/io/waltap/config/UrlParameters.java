package io.waltap.config;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a JDBC URL: those that say how to encrypt are taken, all others refused. A
 * complaint repeats names that are known and values that have to be one of a few words; anything
 * else may be a piece of a password with a '&' in it.
 *
 * @param settings what was given, by the name of the setting that means the same
 */
record UrlParameters(Map<String, String> settings) {

  private static final Map<String, String> TAKEN =
      Map.of(
          "sslmode", "sslMode",
          "sslrootcert", "sslRootCertificate",
          "sslcert", "sslCertificate",
          "sslkey", "sslKey");

  /** Which setting takes the place of a parameter of the driver; empty if none does. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("user", "user"),
          Map.entry("password", "password"),
          Map.entry("ssl", "sslMode"),
          Map.entry("connectTimeout", "connectTimeout"),
          Map.entry("loginTimeout", "connectTimeout"),
          Map.entry("ApplicationName", "name"),
          Map.entry("currentSchema", ""),
          Map.entry("options", ""),
          Map.entry("socketTimeout", ""),
          Map.entry("socketFactory", ""),
          Map.entry("socketFactoryArg", ""),
          Map.entry("sslfactory", ""),
          Map.entry("sslfactoryarg", ""),
          Map.entry("sslhostnameverifier", ""),
          Map.entry("sslpasswordcallback", ""),
          Map.entry("authenticationPluginClassName", ""),
          Map.entry("sslpassword", ""),
          Map.entry("targetServerType", ""),
          Map.entry("tcpKeepAlive", ""));

  /**
   * @throws IllegalArgumentException if there is one that is not taken; the message goes on from
   *     "the URL ..."
   */
  static UrlParameters parse(String query) {
    Map<String, String> settings = new LinkedHashMap<>();
    List<String> parameters =
        Arrays.stream(query.split("&", -1)).filter(p -> !p.isEmpty()).toList();
    String refused =
        parameters.stream()
            .map(UrlParameters::name)
            .filter(name -> !TAKEN.containsKey(name))
            .map(UrlParameters::replacement)
            .distinct()
            .collect(Collectors.joining(", "));
    if (!refused.isEmpty()) {
      throw new IllegalArgumentException("has parameters that are not taken; remove " + refused);
    }
    for (String parameter : parameters) {
      String name = name(parameter);
      String setting = Objects.requireNonNull(TAKEN.get(name));
      if (settings.put(setting, value(parameter, name)) != null) {
        throw new IllegalArgumentException("has the parameter " + name + " twice; remove one");
      }
    }
    return new UrlParameters(settings);
  }

  private static String name(String parameter) {
    return parameter.replaceFirst("=.*", "");
  }

  private static String value(String parameter, String name) {
    String text = parameter.substring(Math.min(parameter.length(), name.length() + 1));
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "has a malformed % escape in its parameter " + name + "; write %25 for a %", e);
    }
  }

  private static String replacement(String parameter) {
    String setting = REFUSED.get(parameter);
    if (setting == null) {
      return "the unknown ones";
    }
    return setting.isEmpty()
        ? parameter + " (no setting takes its place)"
        : parameter + " (use the setting " + setting + ")";
  }

  /** Adds to the findings what cannot be read, or says something else than a setting. */
  void check(Settings others, Findings findings) {
    Settings own = new Settings();
    settings.forEach((setting, text) -> TextSettings.read(own, setting, setting, text, findings));
    contradiction("sslMode", own.sslMode, others.sslMode, findings);
    contradiction(
        "sslRootCertificate", own.sslRootCertificate, others.sslRootCertificate, findings);
    contradiction("sslCertificate", own.sslCertificate, others.sslCertificate, findings);
    contradiction("sslKey", own.sslKey, others.sslKey, findings);
  }

  private static void contradiction(
      String setting, @Nullable Object own, @Nullable Object other, Findings findings) {
    if (own != null && other != null && !own.equals(other)) {
      findings.add(setting, "is given in the URL too, with another value; remove one of them");
    }
  }

  /** Turns what was checked into settings. */
  void moveInto(Settings others) {
    settings.forEach(
        (setting, text) -> TextSettings.read(others, setting, setting, text, new Findings()));
  }
}

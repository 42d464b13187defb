package io.waltap.config;

import java.util.regex.Pattern;

/** Keeps secrets out of what may end in a log. */
final class Secrets {

  static final String MASK = "***";

  private static final Pattern SECRET =
      Pattern.compile(
          "passw|pwd|passphrase|secret|token|credential|jaas|private|api.?key|sslkey",
          Pattern.CASE_INSENSITIVE);

  private Secrets() {}

  /** The value, unless its key or something in it looks like a secret. */
  static String mask(String key, String value) {
    return SECRET.matcher(key).find() || SECRET.matcher(value).find() ? MASK : value;
  }
}

package io.waltap.config;

import java.util.Locale;

/** How connections are encrypted; the words and their meaning are those of {@code libpq}. */
public enum SslMode {
  /** Plain text only. */
  DISABLE,
  /** Plain text, TLS if the server insists. */
  ALLOW,
  /** TLS if the server offers it; does not protect from an attacker in the middle. */
  PREFER,
  /** TLS, whoever answers. */
  REQUIRE,
  /** TLS, and the certificate is signed by a trusted authority. */
  VERIFY_CA,
  /** TLS, the certificate is trusted and made out for this host. */
  VERIFY_FULL;

  /** The word that PostgreSQL uses, for example {@code verify-full}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

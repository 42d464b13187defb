package io.waltap.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/** The part of {@link CdcConfig.Builder} that says how to connect. */
abstract sealed class ConnectionBuilder permits CdcConfig.Builder {

  final Settings settings;

  ConnectionBuilder(Settings settings) {
    this.settings = settings;
  }

  abstract CdcConfig.Builder self();

  /**
   * Required: {@code jdbc:postgresql://host:port/database}. The port may be left out (5432); an
   * IPv6 address stands in brackets. Of the driver's parameters {@code sslmode}, {@code
   * sslrootcert}, {@code sslcert} and {@code sslkey} are taken.
   */
  public CdcConfig.Builder url(String url) {
    settings.url = Objects.requireNonNullElse(url, "");
    return self();
  }

  /** Required: the role that connects, with {@code LOGIN} and {@code REPLICATION}. */
  public CdcConfig.Builder user(String user) {
    settings.user = Objects.requireNonNullElse(user, "");
    return self();
  }

  /** Required, this or one of the next two: the role's password; empty if none is asked. */
  public CdcConfig.Builder password(String password) {
    settings.password = password == null ? null : Password.of(password);
    return self();
  }

  /** Asked for the password by each new connection, so that it can change. Any thread. */
  public CdcConfig.Builder password(Supplier<String> supplier) {
    settings.password = Password.of(Objects.requireNonNull(supplier));
    return self();
  }

  /** The file, in UTF-8, that holds just the password; read anew by each new connection. */
  public CdcConfig.Builder passwordFile(Path file) {
    settings.password = Password.in(Objects.requireNonNull(file));
    return self();
  }

  /**
   * How long to wait for a connection, in whole seconds: 1 s to 1 day. Default 5 seconds.
   *
   * <p>What bounds the wait on a connection that was made and then goes dead without a word is not
   * configured: 10 s for an answer that has to be quick, 60 s for one about the catalogs; for the
   * stream, three {@link CdcConfig.Builder#heartbeatInterval}s and such a wait; for the rows of a
   * snapshot and for a slot that waits for transactions, TCP keep-alive, which takes 25 s, or what
   * the operating system takes if something that was sent is not acknowledged (Linux: some 15
   * minutes). A server that is frozen on a machine that runs looks like one that works for long:
   * during a snapshot nothing bounds the wait for it.
   */
  public CdcConfig.Builder connectTimeout(Duration timeout) {
    settings.connectTimeout = Objects.requireNonNull(timeout);
    return self();
  }

  /**
   * How connections are encrypted. Default {@link SslMode#VERIFY_FULL}, and {@link SslMode#PREFER}
   * if the host is this machine ({@code localhost}, {@code 127.*}, {@code ::1}), where nobody can
   * stand in between.
   */
  public CdcConfig.Builder sslMode(SslMode sslMode) {
    settings.sslMode = Objects.requireNonNull(sslMode);
    return self();
  }

  /**
   * The certificates, in PEM, of the authorities that may have signed the server's. By default the
   * driver's: {@code root.crt} in {@code ~/.postgresql} (Windows: {@code %APPDATA%\postgresql}).
   */
  public CdcConfig.Builder sslRootCertificate(Path file) {
    settings.sslRootCertificate = Objects.requireNonNull(file);
    return self();
  }

  /**
   * The certificate, in PEM, that this client shows to the server; needs {@link #sslKey}. By
   * default the driver's: {@code postgresql.crt} beside the root certificate, if it is there.
   */
  public CdcConfig.Builder sslCertificate(Path file) {
    settings.sslCertificate = Objects.requireNonNull(file);
    return self();
  }

  /** The key of the client's certificate without a passphrase: PKCS #8 as PEM or DER. */
  public CdcConfig.Builder sslKey(Path file) {
    settings.sslKey = Objects.requireNonNull(file);
    return self();
  }
}

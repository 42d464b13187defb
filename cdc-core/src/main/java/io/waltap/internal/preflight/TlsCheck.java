package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.config.SslMode;
import io.waltap.preflight.Problem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.sql.SQLException;
import java.util.Arrays;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says why a connection could not be encrypted as wanted. */
final class TlsCheck {

  private static final String DRIVER = "org.postgresql.ssl.";

  private TlsCheck() {}

  /** Null if the failure has nothing to do with TLS. */
  static @Nullable Problem problem(CdcConfig config, SQLException failure) {
    String server = config.host() + ":" + config.port();
    String mode = " with sslMode " + config.sslMode().word() + ": ";
    if (untrusted(failure)) {
      return new Problem(
          "No encrypted connection to "
              + server
              + mode
              + "its certificate is not signed by an authority that is trusted here.",
          "Name the file with the certificate of its authority as sslRootCertificate.");
    }
    if (isWrongName(config, failure)) {
      return new Problem(
          "No encrypted connection to "
              + server
              + mode
              + "its certificate is made out for another host.",
          "Use a host name in the URL that the certificate has, or give the server a certificate"
              + " for "
              + config.host()
              + ".");
    }
    if (fromDriver(failure) && !has(failure, SSLException.class)) {
      return new Problem(
          "No encrypted connection to "
              + server
              + mode
              + ConnectionCheck.said(failure, config)
              + ".",
          "Name readable files as sslRootCertificate (PEM), sslCertificate (PEM) and sslKey (PKCS"
              + " #8 without passphrase); by default they are looked for in ~/.postgresql.");
    }
    return null;
  }

  private static boolean untrusted(SQLException failure) {
    return has(failure, CertPathBuilderException.class)
        || has(failure, CertPathValidatorException.class);
  }

  /** The driver's verifier of names throws nothing underneath, and in the language of the JVM. */
  private static boolean isWrongName(CdcConfig config, SQLException failure) {
    return config.sslMode() == SslMode.VERIFY_FULL
        && fromDriver(failure)
        && failure.getCause() == null;
  }

  private static boolean fromDriver(SQLException failure) {
    return Arrays.stream(failure.getStackTrace())
            .limit(2)
            .anyMatch(frame -> frame.getClassName().startsWith(DRIVER))
        || (fromDriverBelow(failure) && hasFileOrKeyTrouble(failure));
  }

  private static boolean fromDriverBelow(SQLException failure) {
    return Arrays.stream(failure.getStackTrace())
        .anyMatch(frame -> frame.getClassName().startsWith(DRIVER));
  }

  private static boolean hasFileOrKeyTrouble(SQLException failure) {
    return has(failure, IOException.class) || has(failure, GeneralSecurityException.class);
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> kind) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (kind.isInstance(t)) {
        return true;
      }
    }
    return false;
  }
}

package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.io.FileNotFoundException;
import java.nio.file.FileSystemException;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.GT;

/** Says why a connection could not be encrypted as wanted. */
final class TlsCheck {

  private static final String NOT_VERIFIED =
      "The hostname {0} could not be verified by hostnameverifier {1}.";
  private static final String VERIFIER = "PgjdbcHostnameVerifier";

  private TlsCheck() {}

  /** Null if the failure has nothing to do with TLS. */
  static @Nullable Problem problem(CdcConfig config, SQLException failure) {
    String server = config.host() + ":" + config.port();
    String mode = " with sslMode " + config.sslMode().word() + ": ";
    if (untrusted(failure)) {
      return new Problem(
          Code.TLS_FAILED,
          "No encrypted connection to "
              + server
              + mode
              + "its certificate is not signed by an authority that is trusted here.",
          "Name the file with the certificate of its authority as sslRootCertificate.");
    }
    if (isWrongName(config, failure)) {
      return new Problem(
          Code.TLS_FAILED,
          "No encrypted connection to "
              + server
              + mode
              + "its certificate is made out for another host.",
          "Use a host name in the URL that the certificate has, or give the server a certificate"
              + " for "
              + config.host()
              + ".");
    }
    if (isAboutFiles(failure)) {
      return new Problem(
          Code.TLS_FAILED,
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

  /** Nothing but its text tells this failure apart, so it is compared in the JVM's language. */
  private static boolean isWrongName(CdcConfig config, SQLException failure) {
    String host = config.host().replaceAll("[\\[\\]]", "");
    return GT.tr(NOT_VERIFIED, host, VERIFIER).equals(failure.getMessage());
  }

  private static boolean isAboutFiles(SQLException failure) {
    return has(failure, FileNotFoundException.class)
        || has(failure, FileSystemException.class)
        || has(failure, GeneralSecurityException.class);
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

package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.security.cert.CertificateExpiredException;
import java.sql.SQLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TransienceTest {

  @ParameterizedTest
  @ValueSource(strings = {"08006", "08001", "53300", "57P01", "57P03", "55006", "40001", "55P03"})
  void passesByItself(String state) {
    assertThat(Transience.of(new IllegalStateException(new SQLException("said", state)))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"28P01", "28000", "3D000", "42501", "42704", "55000", "58P01", "08P01"})
  void lasts(String state) {
    SQLException said = new SQLException("said", state, new IOException("cut"));
    assertThat(Transience.of(said)).as("what the server said decides").isFalse();
  }

  @Test
  void aCutLinePassesAndWhatIsUnknownLasts() {
    assertThat(Transience.of(new IllegalStateException(new IOException("cut")))).isTrue();
    assertThat(Transience.of(new IllegalStateException("no idea"))).isFalse();
    assertThat(Transience.of(null)).isFalse();
  }

  @Test
  void aCertificateThatIsRefusedLasts() {
    SSLHandshakeException handshake = new SSLHandshakeException("no");
    handshake.initCause(new CertificateExpiredException("in May"));
    assertThat(Transience.of(new SQLException("SSL error", "08006", handshake))).isFalse();
  }
}

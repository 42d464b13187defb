package io.waltap;

import io.waltap.testing.SystemProperty;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on the driver's own sockets, on which one cannot wait for the stream. */
class PlainSocketsIT extends ReconnectIT {

  private static SystemProperty plain;

  @BeforeAll
  static void usePlainSockets() {
    plain = SystemProperty.of("waltap.plainSockets", "true");
  }

  @AfterAll
  static void useThoseOfBefore() {
    plain.close();
  }
}

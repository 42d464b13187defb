package io.waltap;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The same on the driver's own sockets, on which one cannot wait for the stream. */
class PlainSocketsIT extends ReconnectIT {

  private static final String PROPERTY = "waltap.plainSockets";

  @BeforeAll
  static void usePlainSockets() {
    System.setProperty(PROPERTY, "true");
  }

  @AfterAll
  static void useOurs() {
    System.clearProperty(PROPERTY);
  }
}

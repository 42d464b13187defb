package io.waltap.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports below those that systems give to outgoing connections: a client that tries again and
 * again to reach a server which is down may otherwise be given the server's own port.
 */
final class Ports {

  static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
  private static final int FIRST = 20_000;
  private static final int LAST = 32_000;

  private Ports() {}

  static int free() throws IOException {
    for (int attempt = 0; attempt < 100; attempt++) {
      int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
      try (ServerSocket probe = new ServerSocket()) {
        probe.bind(new InetSocketAddress(LOOPBACK, port));
        return probe.getLocalPort();
      } catch (IOException e) {
        // taken
      }
    }
    throw new IOException("No free port between " + FIRST + " and " + LAST + ".");
  }
}

package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.slf4j.LoggerFactory;

class KeepAliveSocketsTest {

  private static final Map<String, Object> PATIENCE =
      Map.of("TCP_KEEPIDLE", 10, "TCP_KEEPINTERVAL", 5, "TCP_KEEPCOUNT", 3);

  private final KeepAliveSockets sockets = new KeepAliveSockets(null);

  private static Map<String, Object> options(Socket socket) throws IOException {
    Map<String, Object> options = new TreeMap<>();
    for (SocketOption<?> option : socket.supportedOptions()) {
      if (PATIENCE.containsKey(option.name())) {
        options.put(option.name(), socket.getOption(option));
      }
    }
    return options;
  }

  @Test
  @EnabledOnOs({OS.LINUX, OS.MAC})
  void aDeadLineIsNoticedInTwentyFiveSeconds() throws IOException {
    InetAddress here = InetAddress.getLoopbackAddress();
    try (ServerSocket door = new ServerSocket(0, 5, here);
        Socket toConnect = sockets.createSocket();
        Socket byName = sockets.createSocket(here.getHostName(), door.getLocalPort());
        Socket byAddress = sockets.createSocket(here, door.getLocalPort());
        Socket namedFrom = sockets.createSocket(here.getHostName(), door.getLocalPort(), here, 0);
        Socket from = sockets.createSocket(here, door.getLocalPort(), here, 0)) {
      toConnect.connect(door.getLocalSocketAddress());
      for (Socket socket : List.of(toConnect, byName, byAddress, namedFrom, from)) {
        assertThat(socket.isConnected()).isTrue();
        assertThat(options(socket)).isEqualTo(PATIENCE);
      }
    }
  }

  /** As on a platform that lacks the options. */
  private static final class Bare extends Socket {
    @Override
    public Set<SocketOption<?>> supportedOptions() {
      return Set.of();
    }
  }

  /** As in a container that knows the options and forbids them. */
  private static final class Forbidden extends Socket {
    @Override
    public <T> Socket setOption(SocketOption<T> name, T value) throws IOException {
      throw new SocketException("Operation not permitted");
    }
  }

  @Test
  void aPlatformThatCannotIsToldOfOnce() throws Exception {
    AtomicBoolean told = new AtomicBoolean();
    List<String> said =
        logged(
            () -> {
              for (Socket socket : List.of(new Bare(), new Forbidden(), new Bare())) {
                assertThat(KeepAliveSockets.kept(socket, told)).isSameAs(socket);
                socket.close();
              }
              return told;
            });
    assertThat(said)
        .singleElement()
        .asString()
        .contains("TCP_KEEP")
        .contains("a line that goes dead without a word is noticed only by the operating system");
  }

  private static List<String> logged(Callable<?> work) throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(KeepAliveSockets.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      work.call();
      return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    } finally {
      logger.detachAppender(log);
    }
  }

  @Test
  void aDriverAboveUsDoesNotFindIt() {
    assertThat(KeepAliveSockets.isSeenFrom(getClass().getClassLoader())).isTrue();
    assertThat(KeepAliveSockets.isSeenFrom(ClassLoader.getPlatformClassLoader())).isFalse();
  }
}

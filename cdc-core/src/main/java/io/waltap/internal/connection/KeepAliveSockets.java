package io.waltap.internal.connection;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the socket of every connection, so that whoever waits on a line that has gone dead without
 * a word learns of it: after 10 s of silence the operating system asks the other machine whether it
 * is there, and after three questions in vain, 5 s apart, breaks the connection. Left alone it
 * would begin to ask after two hours. Created by the driver by its name, once for each connection.
 *
 * <p>It does not help while something that was sent is not acknowledged: then the operating system
 * repeats that instead of asking, on Linux for some 15 minutes. Nor does it see a server that is
 * stopped on a machine that runs: the machine answers. See {@link Connections} for what does.
 */
public final class KeepAliveSockets extends SocketFactory {

  private static final Logger LOG = LoggerFactory.getLogger(KeepAliveSockets.class);

  /** In seconds, and a number of times. By name, because their class is of an optional module. */
  private static final Map<String, Integer> PATIENCE =
      Map.of("TCP_KEEPIDLE", 10, "TCP_KEEPINTERVAL", 5, "TCP_KEEPCOUNT", 3);

  private static final SocketFactory PLAIN = SocketFactory.getDefault();

  private static final AtomicBoolean TOLD = new AtomicBoolean();

  private static final Map<String, AtomicReference<WaitingSocket>> WANTED =
      new ConcurrentHashMap<>();

  private final @Nullable String key;

  /**
   * Made by the driver.
   *
   * @param key under which {@link #want} finds the socket; null if nobody asks for it
   */
  public KeepAliveSockets(@Nullable String key) {
    this.key = key;
  }

  /** Where the last socket that is made under a key can be found, until {@link #forget}. */
  static AtomicReference<WaitingSocket> want(String key) {
    return WANTED.computeIfAbsent(key, wanted -> new AtomicReference<>());
  }

  /** From now on sockets of that key are plain; the driver makes one to cancel a query. */
  static void forget(String key) {
    WANTED.remove(key);
  }

  /** Whether a driver of that class loader finds this class; one shared by applications may not. */
  static boolean isSeenFrom(ClassLoader loader) {
    try {
      return Class.forName(KeepAliveSockets.class.getName(), false, loader)
          == KeepAliveSockets.class;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Logs one warning for the life of this class. */
  static void warnOfPatience(String reason, AtomicBoolean told) {
    if (!told.getAndSet(true)) {
      LOG.warn(
          "connections have no TCP keep-alive of their own ({}), so that a line that goes dead"
              + " without a word is noticed only by the operating system's, often after hours (let"
              + " it ask sooner; Linux: net.ipv4.tcp_keepalive_time), and an idle stream is looked"
              + " at every 10 ms",
          reason);
    }
  }

  static void warnOfPatience(String reason) {
    warnOfPatience(reason, TOLD);
  }

  /** The socket, with what its platform can do of {@link #PATIENCE}. */
  static Socket kept(Socket socket, AtomicBoolean told) {
    PATIENCE.forEach((name, value) -> set(socket, name, value, told));
    return socket;
  }

  private static void set(Socket socket, String name, Integer value, AtomicBoolean told) {
    try {
      socket.setOption(option(socket, name), value);
    } catch (UnsupportedOperationException | IOException e) {
      warnOfPatience(name + ": " + e.getMessage(), told);
    }
  }

  @SuppressWarnings("unchecked") // all three are numbers
  private static SocketOption<Integer> option(Socket socket, String name) {
    return (SocketOption<Integer>)
        socket.supportedOptions().stream()
            .filter(option -> option.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new UnsupportedOperationException("not known here"));
  }

  /** The one that the driver calls. */
  @Override
  public Socket createSocket() throws IOException {
    AtomicReference<WaitingSocket> wanted = key == null ? null : WANTED.get(key);
    if (wanted == null) {
      return kept(PLAIN.createSocket(), TOLD);
    }
    WaitingSocket socket = new WaitingSocket();
    wanted.set(socket);
    return kept(socket, TOLD);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return kept(PLAIN.createSocket(host, port), TOLD);
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress from, int localPort)
      throws IOException {
    return kept(PLAIN.createSocket(host, port, from, localPort), TOLD);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return kept(PLAIN.createSocket(host, port), TOLD);
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress from, int localPort)
      throws IOException {
    return kept(PLAIN.createSocket(host, port, from, localPort), TOLD);
  }
}

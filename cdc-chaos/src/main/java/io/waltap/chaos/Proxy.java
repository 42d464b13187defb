package io.waltap.chaos;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a client and the server on the same machine, and behaves as badly as networks do.
 * All methods may be called from any thread.
 */
final class Proxy implements AutoCloseable {

  /** Whose connections are meant. */
  enum Scope {
    ALL,
    WALSENDER,
    METADATA;

    boolean covers(Link link) {
      return this == ALL || (this == WALSENDER) == link.isReplication();
    }
  }

  /** How a connection ends. */
  enum Cut {
    FIN,
    RST
  }

  /**
   * How bytes get through.
   *
   * @param delayMillis that each portion waits
   * @param bytesPerSecond at most; 0 for no limit
   * @param held whether nothing gets through at all, while the connections stay open
   */
  record Weather(Scope scope, int delayMillis, int bytesPerSecond, boolean held) {

    static final Weather FINE = new Weather(Scope.ALL, 0, 0, false);
  }

  private final int serverPort;
  private final InetSocketAddress address;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile Weather weather = Weather.FINE;
  private volatile @Nullable ServerSocket listening;

  private Proxy(int serverPort, InetSocketAddress address) {
    this.serverPort = serverPort;
    this.address = address;
  }

  /** Starts one before a server of this machine. */
  static Proxy before(int serverPort) throws IOException {
    Proxy proxy = new Proxy(serverPort, new InetSocketAddress(Ports.LOOPBACK, Ports.free()));
    proxy.accept();
    return proxy;
  }

  int port() {
    return address.getPort();
  }

  /** Takes new connections, if it refused them before. */
  synchronized void accept() throws IOException {
    if (listening != null) {
      return;
    }
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(address);
    listening = socket;
    daemon("proxy-accept", () -> acceptAll(socket));
  }

  /** Refuses new connections; those that are there go on. */
  synchronized void refuse() throws IOException {
    ServerSocket socket = listening;
    listening = null;
    if (socket != null) {
      socket.close();
    }
  }

  private void acceptAll(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        open(socket.accept());
      } catch (IOException e) {
        // it was closed, or this one client has gone
      }
    }
  }

  private void open(Socket client) throws IOException {
    Socket server = new Socket();
    try {
      server.connect(new InetSocketAddress(Ports.LOOPBACK, serverPort), 2_000);
      server.setTcpNoDelay(true); // as both ends do: every question waits for its answer
      client.setTcpNoDelay(true);
    } catch (IOException e) {
      client.close();
      throw e;
    }
    Link link = new Link(client, server, this::weather, links::remove);
    links.add(link);
    daemon("proxy-to-server", link::pumpToServer);
    daemon("proxy-to-client", link::pumpToClient);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private Weather weather() {
    return weather;
  }

  /** Changes how bytes get through from now on. */
  void weather(Weather weather) {
    this.weather = weather;
  }

  /** Ends connections. */
  void cut(Scope scope, Cut cut) {
    each(scope, link -> link.close(cut));
  }

  /** Ends connections when the server has sent so many more bytes, also in mid-message. */
  void cutAfter(Scope scope, long bytes) {
    each(scope, link -> link.cutAfter(bytes));
  }

  private void each(Scope scope, Consumer<Link> action) {
    List.copyOf(links).stream().filter(scope::covers).forEach(action);
  }

  @Override
  public void close() throws IOException {
    refuse();
    cut(Scope.ALL, Cut.RST);
  }
}

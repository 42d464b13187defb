package io.waltap.testing;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A line to a server that can fall silent: the connections stay open, and what the server says is
 * swallowed. Not for encrypted connections.
 */
public final class SilentLine implements AutoCloseable {

  private static final int READY = 'Z';

  /** One connection; {@code heard} counts the answers that got through. */
  private record Link(Socket client, Socket server, AtomicInteger heard, AtomicInteger limit) {}

  private final PostgresServer server;
  private final ServerSocket door;
  private final Set<Link> links = ConcurrentHashMap.newKeySet();
  private volatile int limit = Integer.MAX_VALUE;

  /** Opens one; nothing is silent yet. */
  public SilentLine(PostgresServer server) {
    this.server = server;
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** The URL of a database at the other end. */
  public String url(String database) {
    return "jdbc:postgresql://"
        + door.getInetAddress().getHostAddress()
        + ":"
        + door.getLocalPort()
        + "/"
        + database;
  }

  /** From now on connections hear nothing any more; new ones are fine. */
  public void fallSilent() {
    links.forEach(link -> link.limit.set(0));
  }

  /** New connections hear so many answers, counted by the server's readiness for another. */
  public void silentAfter(int answers) {
    limit = answers;
  }

  /** How many answers all connections together have heard. */
  public int answers() {
    return links.stream().mapToInt(link -> link.heard.get()).sum();
  }

  private void accept() {
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        Link link =
            new Link(
                client,
                new Socket(server.host(), server.port()),
                new AtomicInteger(),
                new AtomicInteger(limit));
        links.add(link);
        daemon(() -> toServer(link));
        daemon(() -> toClient(link));
      } catch (IOException e) {
        // it was closed
      }
    }
  }

  private static void toServer(Link link) {
    try {
      link.client.getInputStream().transferTo(link.server.getOutputStream());
    } catch (IOException e) {
      // one end has gone
    }
    close(link);
  }

  private static void toClient(Link link) {
    try {
      DataInputStream in = new DataInputStream(link.server.getInputStream());
      DataOutputStream out = new DataOutputStream(link.client.getOutputStream());
      while (true) {
        int kind = in.readUnsignedByte();
        int length = in.readInt();
        byte[] content = in.readNBytes(length - Integer.BYTES);
        if (link.heard.get() >= link.limit.get()) {
          continue;
        }
        out.writeByte(kind);
        out.writeInt(length);
        out.write(content);
        out.flush();
        if (kind == READY) {
          link.heard.incrementAndGet();
        }
      }
    } catch (IOException e) {
      close(link);
    }
  }

  private static void close(Link link) {
    try (Socket client = link.client;
        Socket server = link.server) {
      client.shutdownOutput();
      server.shutdownOutput();
    } catch (IOException e) {
      // one end has gone
    }
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "silent-line");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      door.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    links.forEach(SilentLine::close);
  }
}

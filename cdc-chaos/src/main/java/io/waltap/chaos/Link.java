package io.waltap.chaos;

import io.waltap.chaos.Proxy.Cut;
import io.waltap.chaos.Proxy.Weather;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One connection through the proxy: two sockets and what goes from each to the other. */
final class Link {

  private static final int BUFFER = 16 * 1024;
  private static final int SMALL_PORTION = 1024;
  private static final Duration LOOK_AGAIN = Duration.ofMillis(5);

  private final Socket client;
  private final Socket server;
  private final Supplier<Weather> weather;
  private final Consumer<Link> onClose;
  private final AtomicLong bytesLeft = new AtomicLong(Long.MAX_VALUE);
  private volatile boolean replication;

  Link(Socket client, Socket server, Supplier<Weather> weather, Consumer<Link> onClose) {
    this.client = client;
    this.server = server;
    this.weather = weather;
    this.onClose = onClose;
  }

  /** Whether the client asked for a walsender. */
  boolean isReplication() {
    return replication;
  }

  void pumpToServer() {
    pump(client, server, true);
  }

  void pumpToClient() {
    pump(server, client, false);
  }

  private void pump(Socket from, Socket to, boolean fromClient) {
    byte[] buffer = new byte[BUFFER];
    try {
      OutputStream out = to.getOutputStream();
      int length = from.getInputStream().read(buffer);
      while (length >= 0) {
        if (fromClient) {
          look(buffer, length);
        }
        for (int sent = 0; sent < length; ) {
          int portion = Math.min(portion(), length - sent);
          awaitPassage(portion);
          send(out, buffer, sent, portion, fromClient);
          sent += portion;
        }
        length = from.getInputStream().read(buffer);
      }
      close(Cut.FIN);
    } catch (IOException e) {
      close(Cut.RST);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // The start-up packet of a walsender has the parameter "replication".
  private void look(byte[] buffer, int length) {
    if (!replication && length < SMALL_PORTION) {
      String text = new String(buffer, 0, length, StandardCharsets.ISO_8859_1);
      replication = text.contains("\0replication\0");
    }
  }

  private int portion() {
    return weather.get().bytesPerSecond() == 0 ? BUFFER : SMALL_PORTION;
  }

  private void awaitPassage(int length) throws IOException, InterruptedException {
    Weather now = weather.get();
    if (now.scope().covers(this)) {
      if (now.delayMillis() > 0) {
        Waiting.pause(Duration.ofMillis(now.delayMillis()));
      }
      if (now.bytesPerSecond() > 0) {
        Waiting.pause(Duration.ofNanos(length * 1_000_000_000L / now.bytesPerSecond()));
      }
    }
    while (weather.get().held() && weather.get().scope().covers(this)) {
      if (client.isClosed()) {
        throw new IOException("closed");
      }
      Waiting.pause(LOOK_AGAIN);
    }
  }

  private void send(OutputStream out, byte[] buffer, int from, int length, boolean fromClient)
      throws IOException {
    if (fromClient) {
      out.write(buffer, from, length);
      return;
    }
    long left = bytesLeft.addAndGet(-length);
    if (left < 0) {
      out.write(buffer, from, (int) Math.max(0, length + left));
      throw new IOException("cut here");
    }
    out.write(buffer, from, length);
  }

  void cutAfter(long bytes) {
    bytesLeft.set(bytes);
  }

  void close(Cut cut) {
    onClose.accept(this);
    for (Socket socket : new Socket[] {client, server}) {
      try {
        if (cut == Cut.RST) {
          socket.setSoLinger(true, 0);
        }
        socket.close();
      } catch (IOException e) {
        // it is closed, then
      }
    }
  }
}

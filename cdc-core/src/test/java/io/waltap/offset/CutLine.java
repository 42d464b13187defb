package io.waltap.offset;

import io.waltap.testing.PostgresServer;
import io.waltap.testing.TestDatabase;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * A line to the server that is cut when the server says that a command is done, and before the
 * client hears of it.
 */
final class CutLine implements AutoCloseable {

  private static final int COMMAND_COMPLETE = 'C';

  private final ServerSocket door;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private volatile Predicate<String> cut = command -> false;

  CutLine() {
    try {
      this.door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    daemon(this::accept);
  }

  /** From the client's side it is cut at once; the server goes on with what it does. */
  void cutAll() {
    clients.forEach(CutLine::close);
  }

  /**
   * @param cut is asked with what the server has done, as "COMMIT" or "UPDATE 1"
   */
  void cutAfter(Predicate<String> cut) {
    this.cut = cut;
  }

  Connection connect(TestDatabase database) throws SQLException {
    String url =
        "jdbc:postgresql://"
            + door.getInetAddress().getHostAddress()
            + ":"
            + door.getLocalPort()
            + "/"
            + database.name()
            + "?sslmode=disable&gssEncMode=disable&socketTimeout=30";
    return DriverManager.getConnection(url, database.user(), database.password());
  }

  private void accept() {
    PostgresServer server = PostgresServer.shared();
    while (!door.isClosed()) {
      try {
        Socket client = door.accept();
        clients.add(client);
        Socket backend = new Socket(server.host(), server.port());
        daemon(() -> toServer(client, backend));
        daemon(() -> toClient(client, backend));
      } catch (IOException e) {
        // it was closed
      }
    }
  }

  private static void toServer(Socket client, Socket backend) {
    try (client;
        backend) {
      client.getInputStream().transferTo(backend.getOutputStream());
    } catch (IOException e) {
      // one end has gone
    }
  }

  private void toClient(Socket client, Socket backend) {
    try (client;
        backend) {
      DataInputStream in = new DataInputStream(backend.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      while (true) {
        int kind = in.readUnsignedByte();
        int length = in.readInt();
        byte[] content = in.readNBytes(length - Integer.BYTES);
        if (kind == COMMAND_COMPLETE && cut.test(text(content))) {
          return;
        }
        out.writeByte(kind);
        out.writeInt(length);
        out.write(content);
        out.flush();
      }
    } catch (IOException e) {
      // one end has gone
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // then it is closed
    }
  }

  private static String text(byte[] content) {
    return new String(content, 0, content.length - 1, StandardCharsets.UTF_8);
  }

  private static void daemon(Runnable work) {
    Thread thread = new Thread(work, "cut-line");
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
  }
}

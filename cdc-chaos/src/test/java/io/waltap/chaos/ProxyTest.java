package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.chaos.Proxy.Cut;
import io.waltap.chaos.Proxy.Scope;
import io.waltap.chaos.Proxy.Weather;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** That the proxy is as bad as it says. */
class ProxyTest {

  private ServerSocket listening;
  private Proxy proxy;
  private Socket client;
  private Socket server;

  @BeforeEach
  void connect() throws IOException {
    listening = new ServerSocket(0, 10, Ports.LOOPBACK);
    proxy = Proxy.before(listening.getLocalPort());
    client = new Socket(Ports.LOOPBACK, proxy.port());
    server = listening.accept();
    client.setSoTimeout(10_000);
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    client.close();
    server.close();
    listening.close();
  }

  private static void send(Socket from, String text) throws IOException {
    from.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String receive(Socket to, int bytes) throws IOException {
    return new String(to.getInputStream().readNBytes(bytes), StandardCharsets.ISO_8859_1);
  }

  /** When this has arrived, the proxy knows what kind of connection it is. */
  private void startUp(String parameters) throws IOException {
    send(client, parameters);
    assertThat(receive(server, parameters.length())).isEqualTo(parameters);
  }

  @Test
  void bytesGetThroughBothWays() throws IOException {
    startUp("question");
    send(server, "answer");
    assertThat(receive(client, 6)).isEqualTo("answer");
  }

  @Test
  void aConnectionIsClosedOrReset() throws IOException {
    startUp("hello");
    proxy.cut(Scope.ALL, Cut.FIN);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aResetIsNoEnd() throws IOException {
    startUp("hello");
    proxy.cut(Scope.ALL, Cut.RST);
    assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
  }

  @Test
  void onlyTheReplicationConnectionIsMeant() throws IOException {
    startUp("user\0cdc\0replication\0database\0");
    proxy.cut(Scope.METADATA, Cut.FIN);
    send(server, "still there");
    assertThat(receive(client, 11)).isEqualTo("still there");

    proxy.cut(Scope.WALSENDER, Cut.FIN);
    assertThat(client.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void theLineIsCutInTheMiddleOfAMessage() throws IOException {
    startUp("hello");
    proxy.cutAfter(Scope.ALL, 4);
    send(server, "0123456789");
    assertThatThrownBy(() -> assertThat(receive(client, 10)).isEqualTo("0123"))
        .isInstanceOf(SocketException.class);
  }

  @Test
  void aHalfOpenConnectionStaysSilentAndLosesNothing() throws IOException {
    startUp("hello");
    proxy.weather(new Weather(Scope.ALL, 0, 0, true));
    send(server, "held back");
    client.setSoTimeout(200);
    assertThatThrownBy(() -> client.getInputStream().read())
        .isInstanceOf(SocketTimeoutException.class);

    proxy.weather(Weather.FINE);
    client.setSoTimeout(10_000);
    assertThat(receive(client, 9)).isEqualTo("held back");
  }

  @Test
  void refusesAndTakesConnectionsAgain() throws IOException {
    proxy.refuse();
    assertThatThrownBy(() -> new Socket(Ports.LOOPBACK, proxy.port()).close())
        .isInstanceOf(ConnectException.class);

    proxy.accept();
    try (Socket another = new Socket(Ports.LOOPBACK, proxy.port())) {
      assertThat(another.isConnected()).isTrue();
    }
  }
}

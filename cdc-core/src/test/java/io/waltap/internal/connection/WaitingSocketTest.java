package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WaitingSocketTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(20);

  private final WaitingSocket socket = new WaitingSocket();
  private ServerSocket server;
  private Socket other;

  @BeforeEach
  void connect() throws IOException {
    server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    socket.connect(server.getLocalSocketAddress());
    other = server.accept();
  }

  @AfterEach
  void close() throws IOException {
    socket.close();
    other.close();
    server.close();
  }

  private void send(String text) throws IOException {
    other.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
  }

  private String read(int length) throws IOException {
    return new String(socket.getInputStream().readNBytes(length), StandardCharsets.US_ASCII);
  }

  @Test
  void waitsInVainForAsLongAsItWasTold() throws IOException {
    socket.setSoTimeout(1234);
    assertThat(socket.await(SHORT)).isFalse();
    assertThat(socket.getSoTimeout()).isEqualTo(1234);
  }

  @Test
  void takesNothingAwayFromWhoReads() throws IOException {
    send("hello");
    assertThat(socket.await(LONG)).isTrue();
    assertThat(socket.await(LONG)).isTrue();
    assertThat(read(5)).isEqualTo("hello");
    assertThat(socket.await(SHORT)).isFalse();
    send("again");
    assertThat(socket.await(LONG)).isTrue();
    assertThat((char) socket.getInputStream().read()).isEqualTo('a');
    assertThat(read(4)).isEqualTo("gain");
  }

  // The driver reads with a large buffer, and must not wait for more than there is.
  @Test
  void aLargeReadDoesNotWaitForMore() throws IOException {
    send("x");
    assertThat(socket.await(LONG)).isTrue();
    socket.setSoTimeout(1);
    assertThat(socket.getInputStream().read(new byte[8192])).isEqualTo(1);
    assertThatThrownBy(() -> socket.getInputStream().read(new byte[8192]))
        .isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void countsWhatItHolds() throws IOException {
    send("ab");
    assertThat(socket.await(LONG)).isTrue();
    InputStream in = socket.getInputStream();
    assertThat(in.available()).isEqualTo(2);
    assertThat(in.read(new byte[1])).isEqualTo(1);
    assertThat(in.available()).isEqualTo(1);
  }

  @Test
  void theEndIsSomethingToRead() throws IOException {
    send("z");
    other.close();
    assertThat(socket.await(LONG)).isTrue();
    assertThat(socket.atEnd()).isFalse();
    assertThat(read(1)).isEqualTo("z");
    assertThat(socket.await(LONG)).isTrue();
    assertThat(socket.atEnd()).isTrue();
    assertThat(socket.getInputStream().read(new byte[10])).isEqualTo(-1);
    assertThat(socket.getInputStream().read()).isEqualTo(-1);
  }

  @Test
  void aClosedLineIsAnError() throws IOException {
    socket.getInputStream();
    socket.close();
    assertThatThrownBy(() -> socket.await(LONG)).isInstanceOf(IOException.class);
  }
}

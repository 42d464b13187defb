package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SocketInputTest {

  private static SocketInput input(byte[] bytes) {
    return new SocketInput(new ByteArrayInputStream(bytes), new Gathering());
  }

  @Test
  void givesWhatCameInPiecesOfAnySize() throws IOException {
    Random random = new Random(11);
    byte[] sent = new byte[1_000_000];
    random.nextBytes(sent);
    SocketInput input = input(sent);
    byte[] got = new byte[sent.length + 1];
    int length = 0;
    while (true) {
      if (random.nextInt(4) == 0) {
        input.fill();
      }
      int most = random.nextInt(5) == 0 ? 100_000 : random.nextInt(3_000);
      int count =
          most == 1 ? one(input, got, length) : input.read(got, length, room(got, length, most));
      if (count < 0) {
        break;
      }
      length += count;
    }
    assertThat(got).startsWith(sent);
    assertThat(length).isEqualTo(sent.length);
    assertThat(input.isAtEnd()).isTrue();
  }

  private static int one(SocketInput input, byte[] got, int offset) throws IOException {
    int next = input.read();
    if (next < 0) {
      return next;
    }
    got[offset] = (byte) next;
    return 1;
  }

  private static int room(byte[] got, int length, int most) {
    return Math.min(most, got.length - length);
  }

  @Test
  void anEmptyReadTakesNothing() throws IOException {
    SocketInput input = input(new byte[] {7});
    assertThat(input.read(new byte[0])).isZero();
    assertThat(input.isReady()).isFalse();
    assertThat(input.read()).isEqualTo(7);
    assertThat(input.read(new byte[1])).isEqualTo(-1);
    assertThat(input.read(new byte[0])).isZero();
  }

  @Test
  void theEndComesAfterWhatIsHere() throws IOException {
    SocketInput input = input(new byte[] {7});
    input.fill();
    assertThat(input.isReady()).isTrue();
    assertThat(input.available()).isEqualTo(1);
    assertThat(input.isAtEnd()).isFalse();
    assertThat(input.read()).isEqualTo(7);
    assertThat(input.isAtEnd()).isFalse(); // nobody knows yet
    input.fill();
    assertThat(input.isAtEnd()).isTrue();
    assertThat(input.available()).isZero();
  }
}

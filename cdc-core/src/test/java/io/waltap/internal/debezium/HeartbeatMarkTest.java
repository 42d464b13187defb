package io.waltap.internal.debezium;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeartbeatMarkTest {

  private final HeartbeatMark mark = new HeartbeatMark("orders", null);

  @Test
  void knowsItsOwn() {
    assertThat(mark.number(mark.content(1_234_567_890_123L).getBytes(UTF_8)))
        .isEqualTo(1_234_567_890_123L);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "orders:",
        "orders:x",
        "orders:-1",
        "orders2:7",
        "7",
        "orders:99999999999999999999"
      })
  void takesNothingElseForOne(String content) {
    assertThat(mark.number(content.getBytes(UTF_8))).isZero();
  }
}

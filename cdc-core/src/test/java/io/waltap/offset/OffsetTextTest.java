package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OffsetTextTest {

  private static final Offset OFFSET = new Offset("waltap", "7460", Lsn.parse("16/B374D848"));

  @Test
  void isReadableByPeople() {
    assertThat(new String(OffsetText.encode(OFFSET), StandardCharsets.UTF_8))
        .startsWith(
            """
            format=waltap-offset-1
            slot=waltap
            system-identifier=7460
            lsn=16/B374D848
            crc32c=""")
        .hasLineCount(5);
  }

  @Test
  void comesBackAsItWas() {
    Offset unfinished = new Offset("waltap", "7460", null);
    Offset last = new Offset("s", "18446744073709551615", new Lsn(-1));
    assertThat(OffsetText.decode(OffsetText.encode(OFFSET))).isEqualTo(OFFSET);
    assertThat(OffsetText.decode(OffsetText.encode(unfinished))).isEqualTo(unfinished);
    assertThat(OffsetText.decode(OffsetText.encode(last))).isEqualTo(last);
  }

  @Test
  void noFlippedBitGoesUnnoticed() {
    byte[] good = OffsetText.encode(OFFSET);
    for (int bit = 0; bit < good.length * 8; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThatThrownBy(() -> OffsetText.decode(bad))
          .as("bit %s", bit)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void noTruncationGoesUnnoticed() {
    byte[] good = OffsetText.encode(OFFSET);
    for (int length = 0; length < good.length; length++) {
      byte[] bad = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> OffsetText.decode(bad))
          .as("length %s", length)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void somethingAfterTheEndIsDamage() {
    byte[] longer = Arrays.copyOf(OffsetText.encode(OFFSET), OffsetText.encode(OFFSET).length + 1);
    assertThatThrownBy(() -> OffsetText.decode(longer))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatCouldNotBeReadBackIsNotWritten() {
    assertThatThrownBy(() -> OffsetText.encode(new Offset("a\nlsn=0/0", "1", null)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OffsetText.encode(new Offset("a".repeat(5000), "1", null)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

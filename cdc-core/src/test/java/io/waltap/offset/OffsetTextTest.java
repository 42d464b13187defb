package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OffsetTextTest {

  private static final Offset OFFSET =
      new Offset("waltap", "7460", 3, "published", Lsn.parse("16/B374D848"));

  @Test
  void isReadableByPeople() {
    assertThat(new String(OffsetText.encode(OFFSET), StandardCharsets.UTF_8))
        .startsWith(
            """
            format=waltap-offset-2
            slot=waltap
            system-identifier=7460
            timeline=3
            publication=published
            lsn=16/B374D848
            crc32c=""")
        .hasLineCount(7);
  }

  @Test
  void comesBackAsItWas() {
    Offset unfinished = new Offset("waltap", "7460", 1, "p", null);
    Offset last = new Offset("s", "18446744073709551615", Integer.MAX_VALUE, "p", new Lsn(-1));
    assertThat(OffsetText.decode(OffsetText.encode(OFFSET))).isEqualTo(OFFSET);
    assertThat(OffsetText.decode(OffsetText.encode(unfinished))).isEqualTo(unfinished);
    assertThat(OffsetText.decode(OffsetText.encode(last))).isEqualTo(last);
    Offset partly = new Offset("waltap", "7460", null, null, Lsn.parse("0/1"));
    assertThat(OffsetText.decode(OffsetText.encode(partly))).isEqualTo(partly);
  }

  @Test
  void theFormerFormatIsStillRead() {
    String former =
        """
        format=waltap-offset-1
        slot=waltap
        system-identifier=7460
        lsn=16/B374D848
        crc32c=6dcf9ebd
        """;
    assertThat(OffsetText.decode(former.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(new Offset("waltap", "7460", null, null, Lsn.parse("16/B374D848")));
  }

  @Test
  void aFormatOfTheFutureIsNotGuessedAt() {
    assertThatThrownBy(
            () ->
                OffsetText.decode(
                    "format=waltap-offset-3\ncrc32c=4013a0da\n".getBytes(StandardCharsets.UTF_8)))
        .hasMessageContaining("is not in a format that this version reads");
  }

  @Test
  void everyOtherValueOfEveryByteIsNoticed() {
    byte[] good = OffsetText.encode(OFFSET);
    for (int index = 0; index < good.length; index++) {
      for (int value = Byte.MIN_VALUE; value <= Byte.MAX_VALUE; value++) {
        byte[] bad = good.clone();
        bad[index] = (byte) value;
        if (value != good[index]) {
          assertThatThrownBy(() -> OffsetText.decode(bad))
              .as("byte %s is %s", index, value)
              .isInstanceOf(IllegalArgumentException.class);
        }
      }
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
    assertThatThrownBy(() -> OffsetText.encode(new Offset("a\nlsn=0/0", "1", 1, "p", null)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OffsetText.encode(new Offset("a".repeat(5000), "1", 1, "p", null)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

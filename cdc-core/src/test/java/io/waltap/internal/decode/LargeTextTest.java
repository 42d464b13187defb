package io.waltap.internal.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Row;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Values that stay in their message until they are asked for. */
class LargeTextTest {

  private static final int BEFORE = 7;

  private static byte[] message(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    byte[] message = new byte[Math.max(Texts.LARGE_MESSAGE, BEFORE + utf8.length + 3)];
    System.arraycopy(utf8, 0, message, BEFORE, utf8.length);
    return message;
  }

  private static CharSequence large(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    return new Texts(message(text), 3).text(BEFORE - 3, bytes);
  }

  private static Row row(String type, CharSequence text) {
    return RowLayout.of(List.of(new ColumnShape("c", type, false))).row(new CharSequence[] {text});
  }

  private static final String TEXT = "aä€𝄞".repeat(Texts.LARGE_TEXT / 4);

  @Test
  void isTheTextThatWasSent() throws Exception {
    CharSequence text = large(TEXT);
    assertThat(text).isInstanceOf(LargeText.class).hasToString(TEXT);
    assertThat(text.length()).isEqualTo(TEXT.length());
    assertThat(row("text", text).getString("c")).isEqualTo(TEXT);
    try (Reader reader = Objects.requireNonNull(row("text", text).getReader("c"))) {
      StringWriter read = new StringWriter();
      reader.transferTo(read);
      assertThat(read).hasToString(TEXT);
    }
  }

  @Test
  void smallTextsAndThoseOfSmallMessagesAreStrings() {
    assertThat(large("small")).isEqualTo("small");
    byte[] small = TEXT.getBytes(StandardCharsets.UTF_8);
    assertThat(new Texts(small, 0).text(0, small.length)).isEqualTo(TEXT);
  }

  @Test
  void isReadAsAnyOther() {
    byte[] bytes = new byte[Texts.LARGE_TEXT];
    Arrays.fill(bytes, (byte) 0xA9);
    String json = "{\"a\": 1.50, \"b\": \"" + TEXT + "\"}";

    assertThat(row("bytea", large("\\x" + "a9".repeat(bytes.length))).getBytes("c"))
        .isEqualTo(bytes);
    assertThat(Objects.requireNonNull(row("jsonb", large(json)).getJson("c")).get("a"))
        .hasToString("1.50");
    assertThat(row("jsonb", large(json)).get("c", Map.class)).asString().contains("a=1.50");
    assertThat(row("_text", large("{" + TEXT + "}")).get("c", String[].class))
        .isEqualTo(new String[] {TEXT});
  }

  @Test
  void whatCannotBeReadIsNotQuoted() {
    String wrong = "\\x" + "a9".repeat(Texts.LARGE_TEXT);
    assertThatThrownBy(() -> row("bytea", large(wrong + "4")).getBytes("c"))
        .hasMessageContaining("not in bytea_output hex")
        .hasMessageContaining("has %d characters", wrong.length() + 1);
    assertThatThrownBy(() -> row("bytea", large(wrong + "zz")).getBytes("c"))
        .hasMessageContaining("not in bytea_output hex");
    assertThatThrownBy(() -> row("jsonb", large(wrong)).getJson("c"))
        .hasMessageContaining("the value is not JSON");
  }

  @Test
  void equalsTheSameTextOfASmallerMessage() {
    Row kept = row("text", large(TEXT));
    Row other = row("text", large(TEXT));
    Row string = row("text", TEXT);
    assertThat(kept).isEqualTo(other).isEqualTo(string).hasSameHashCodeAs(string);
    assertThat(string).isEqualTo(kept);
    assertThat(kept).isNotEqualTo(row("text", large(TEXT + "b")));
  }

  @Test
  void whatItTakesOfTheHeapIsCounted() {
    int overhead = 48;
    assertThat(taken("abc")).isEqualTo(overhead + 3);
    assertThat(taken("ab€")).isEqualTo(overhead + 6);
    assertThat(taken("x".repeat(Texts.LARGE_TEXT))).isEqualTo(Texts.LARGE_MESSAGE);
  }

  private static long taken(String text) {
    Texts texts = new Texts(message(text), 0);
    texts.text(BEFORE, text.getBytes(StandardCharsets.UTF_8).length);
    return texts.heapBytes();
  }
}

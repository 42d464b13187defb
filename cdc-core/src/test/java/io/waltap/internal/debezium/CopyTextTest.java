package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.internal.decode.Texts;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CopyTextTest {

  private static @Nullable CharSequence[] read(String line, int columns) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    return CopyText.read(bytes, columns, new Texts(bytes, 0));
  }

  @Test
  void valuesArePartedByTabs() {
    assertThat(read("1\tä €\t𝄞\n", 3)).containsExactly("1", "ä €", "𝄞");
  }

  @Test
  void emptyTextsAreNoNulls() {
    assertThat(read("\t\\N\t\n", 3)).containsExactly("", null, "");
    assertThat(read("\n", 1)).containsExactly("");
  }

  @Test
  void aTextThatSpellsNullIsNone() {
    assertThat(read("\\\\N\t\\N\n", 2)).containsExactly("\\N", null);
  }

  @Test
  void escapesMeanTheirCharacters() {
    assertThat(read("a\\tb\\nc\\rd\\be\\ff\\vg\\\\h\n", 1))
        .containsExactly("a\tb\nc\rd\be\ff\u000Bg\\h");
  }

  @Test
  void aRowOfAnotherShapeIsRefused() {
    assertThatThrownBy(() -> read("1\t2\n", 3)).hasMessage("2 values for 3 columns");
    assertThatThrownBy(() -> read("1\t2\t3\t4\n", 3)).hasMessage("4 values for 3 columns");
  }
}

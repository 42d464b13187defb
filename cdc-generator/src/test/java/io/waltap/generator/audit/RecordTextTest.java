package io.waltap.generator.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RecordTextTest {

  @Test
  void fieldsAreReadAsPostgresWritesThem() {
    assertThat(RecordText.parse("(1,,\"\",\"a,b\",\"c\"\"d\\\\e\",\"(x)\",\" \",t)"))
        .containsExactly("1", null, "", "a,b", "c\"d\\e", "(x)", " ", "t");
    assertThat(RecordText.parse("(,)")).containsExactly(null, null);
    assertThat(RecordText.parse("(\"\n\")")).containsExactly("\n");
    assertThat(RecordText.parse("(\"\"\"\",\"\\\\\")")).containsExactly("\"", "\\");
  }

  @Test
  void aReducedFieldIsOnlyItsOwnValue() {
    String field = RecordText.parse("(1,\\900150983cd24fb0d6963f7d28e17f72:3)")[1];
    assertThat(RecordText.same(field, "abc")).isTrue();
    assertThat(RecordText.same(field, "abd")).isFalse();
    assertThat(RecordText.same(field, null)).isFalse();
    assertThat(RecordText.shown(field))
        .isEqualTo("3 bytes with MD5 900150983cd24fb0d6963f7d28e17f72");
  }

  @Test
  void nullIsNotEmpty() {
    assertThat(RecordText.same(null, "")).isFalse();
    assertThat(RecordText.same("", null)).isFalse();
    assertThat(RecordText.same("", "")).isTrue();
    assertThat(RecordText.same(null, null)).isTrue();
  }
}

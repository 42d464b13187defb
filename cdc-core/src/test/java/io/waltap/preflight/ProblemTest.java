package io.waltap.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.preflight.Problem.Code;
import org.junit.jupiter.api.Test;

class ProblemTest {

  @Test
  void readsAsSentenceCodeAndRemedy() {
    assertThat(new Problem(Code.WAL_LEVEL, "It is minimal.", "Raise it."))
        .hasToString("It is minimal. [WAL_LEVEL]\n    → Raise it.");
  }

  @Test
  void namesOfTablesForgeNoLinesInALog() {
    Problem problem = new Problem(Code.TABLE_MISSING, "a\r\nb\u001b[0m", "DROP TABLE \"a\nb\";");
    assertThat(problem.what()).isEqualTo("a\\u000d\\u000ab\\u001b[0m");
    assertThat(problem.remedy()).isEqualTo("DROP TABLE \"a\\u000ab\";");
  }

  @Test
  void onlyWarningsLetAnEngineStart() {
    assertThat(new Problem(Code.TOAST_UNCHANGED, "", "").isError()).isFalse();
    assertThat(new Problem(Code.SLOT_LOST, "", "").isError()).isTrue();
  }
}

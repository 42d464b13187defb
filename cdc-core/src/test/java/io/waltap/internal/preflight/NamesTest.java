package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;

class NamesTest {

  @Test
  void leavesPlainNamesBare() {
    assertThat(Names.quote(new TableId("public", "transactions_2")))
        .isEqualTo("public.transactions_2");
  }

  @Test
  void quotesWhatSqlWouldMisread() {
    assertThat(List.of("User", "a b", "2nd", "a\"b", "user", "").stream().map(Names::quote))
        .containsExactly("\"User\"", "\"a b\"", "\"2nd\"", "\"a\"\"b\"", "\"user\"", "\"\"");
  }

  @Test
  void keepsControlCharactersOnTheLine() {
    assertThat(Names.quote("a\n\"b\\c")).isEqualTo("U&\"a\\000A\"\"b\\\\c\"");
  }

  @Test
  void doublesQuotesInTexts() {
    assertThat(Names.literal("it's")).isEqualTo("'it''s'");
  }

  @Test
  void listsAsPeopleDo() {
    assertThat(Names.list(List.of("a"))).isEqualTo("a");
    assertThat(Names.list(List.of("a", "b"))).isEqualTo("a and b");
    assertThat(Names.list(List.of("a", "b", "c"), "or")).isEqualTo("a, b or c");
  }
}

package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.TestDatabase;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The server's own opinion on what needs quotes. */
class NamesIT {

  @Test
  void quotesEveryWordThatTheServerQuotes() {
    try (TestDatabase database = TestDatabase.create()) {
      List<@Nullable String> words =
          database.column(
              "SELECT word FROM pg_get_keywords() WHERE quote_ident(word) <> word ORDER BY 1");

      assertThat(words).hasSizeGreaterThan(50).allSatisfy(NamesIT::assertQuoted);
    }
  }

  private static void assertQuoted(@Nullable String word) {
    assertThat(Names.quote(word + "")).isEqualTo('"' + word + '"');
  }
}

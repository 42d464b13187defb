package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SimilarTest {

  @Test
  void findsOtherCaseAndUpToTwoSlips() {
    assertThat(
            Similar.to(
                "transactions",
                List.of("Transactions", "transaction", "trasnactions", "transact", "orders")))
        .containsExactly("Transactions", "transaction", "trasnactions");
  }

  @Test
  void findsNothingLikeShortNamesThatShareNoLetter() {
    assertThat(Similar.to("id", List.of("ip", "ts", "a"))).containsExactly("ip");
  }
}

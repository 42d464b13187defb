package io.waltap.internal.preflight;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import org.junit.jupiter.api.Test;

/** A slot that a standby keeps in step with its primary's, from version 17 on. */
class SyncedSlotTest {

  private static final CdcConfig CONFIG =
      CdcConfig.builder()
          .url("jdbc:postgresql://localhost/db")
          .user("cdc")
          .password("x")
          .slot("orders")
          .build();

  @Test
  void canOnlyBeReadOnThePrimary() {
    assertThat(SlotCheck.problems(CONFIG, found(true)))
        .extracting(Problem::code)
        .containsExactly(Code.STANDBY);
    assertThat(SlotCheck.problems(CONFIG, found(false))).isEmpty();
  }

  private static SlotCheck.Found found(boolean synced) {
    return new SlotCheck.Found(
        new ServerFacts.Slot(false, null, new Lsn(1), new Lsn(1), "reserved"),
        "logical",
        "pgoutput",
        "db",
        true,
        null,
        null,
        null,
        false,
        synced,
        0L,
        null);
  }
}

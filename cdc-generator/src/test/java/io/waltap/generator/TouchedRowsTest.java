package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TouchedRowsTest {

  private final TouchedRows rows = new TouchedRows();

  @Test
  void knowsItsKeysUntilTheNextTransaction() {
    rows.add("a");
    assertThat(rows.contains("a")).isTrue();
    assertThat(rows.contains("b")).isFalse();
    rows.clear();
    assertThat(rows.contains("a")).isFalse();
  }

  @Test
  void aHugeTransactionTakesNoRoomAndHasTouchedAll() {
    for (int i = 0; i < 100_000; i++) {
      rows.add("row " + i);
      assertThat(rows.size()).isLessThanOrEqualTo(TouchedRows.MOST);
    }
    assertThat(rows.contains("row 0")).isTrue();
    rows.clear();
    assertThat(rows.contains("row 0")).isFalse();
  }
}

package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** If this one fails, the campaign no longer proves anything: find what bites. */
class StockCampaignIT {

  private static final int KILLS = 6;

  @TempDir private Path folder;

  @Test
  void theStockEngineLosesRowsUnderTheSameKills() throws Exception {
    int lost = StockCampaign.lostRows(Budget.fromProperties().seed(), KILLS, folder);

    System.out.println(
        "the stock engine lost " + lost + " rows for ever when killed " + KILLS + " times");
    assertThat(lost).isPositive();
  }
}

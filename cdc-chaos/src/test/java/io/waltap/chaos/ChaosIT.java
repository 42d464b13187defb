package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The campaign: short in every build, as long as one likes with {@code -Pchaos}. */
class ChaosIT {

  @Test
  void nothingIsLostWhateverDies() throws Exception {
    Budget budget = Budget.fromProperties();

    Report report = CampaignRun.run(budget, Path.of("target", "chaos"), System.out);

    assertThat(report.verdicts().violations()).as("to repeat: %s", budget.command()).isEmpty();
    assertThat(report.kills()).isGreaterThanOrEqualTo(budget.kills());
    assertThat(report.faults()).isGreaterThanOrEqualTo(budget.faults());
    assertThat(report.rows()).isGreaterThanOrEqualTo(budget.rows());
  }
}

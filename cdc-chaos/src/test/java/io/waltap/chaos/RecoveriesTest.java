package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.chaos.Fault.Group;
import org.junit.jupiter.api.Test;

class RecoveriesTest {

  private final Recoveries recoveries = new Recoveries();

  @Test
  void aFaultIsOverWhenTheStreamIsOpenAndAChangeHasCome() {
    recoveries.faultEnded(Fault.DISK_FULL);
    recoveries.streaming();
    recoveries.change();
    assertThat(recoveries.untilStreaming(Group.STORE).count()).isEqualTo(1);
    assertThat(recoveries.untilChange(Group.STORE).count()).isEqualTo(1);
  }

  @Test
  void aStreamThatSurvivedWasNotRecovered() {
    recoveries.faultEnded(Fault.DISK_FULL);
    recoveries.change();
    recoveries.streaming(); // for another reason, much later
    assertThat(recoveries.untilStreaming(Group.STORE).count()).isZero();
  }

  @Test
  void whatAnotherFaultInterruptsIsNotCounted() {
    recoveries.faultEnded(Fault.DISK_FULL);
    recoveries.faultBegins();
    recoveries.streaming();
    recoveries.change();
    assertThat(recoveries.untilStreaming(Group.STORE).count()).isZero();
    assertThat(recoveries.untilChange(Group.STORE).count()).isZero();
  }
}

package io.waltap.generator;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.time.LocalDateTime;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class WorkloadTest {

  @Test
  void defaultsMakeSense() {
    assertThatCode(() -> Workload.builder().build()).doesNotThrowAnyException();
  }

  @Test
  void refusesWhatMakesNoSense() {
    refused(() -> Workload.builder().rate(-1), "The rate is -1.0: it must be 0 or more.");
    refused(() -> Workload.builder().rate(Double.NaN), "The rate is NaN: it must be 0 or more.");
    refused(() -> Workload.builder().count(0), "The count is 0: it must be 1 or more.");
    refused(
        () -> Workload.builder().duration(Duration.ZERO),
        "The duration is PT0S: it must be longer than 0.");
    refused(
        () -> Workload.builder().rowsPerTransaction(0),
        "The number of rows in a transaction is 0: it must be 1 or more.");
  }

  @Test
  void refusesAPayloadThatWouldNotFitIntoMemory() {
    refused(
        () -> Workload.builder().payload(Range.of(999_999_999)),
        "The payload is 999999999: it must be 10000000 characters at most.");
  }

  @Test
  void refusesTwoEnds() {
    refused(
        () -> Workload.builder().count(5).duration(Duration.ofSeconds(1)).build(),
        "A workload ends by count or by duration: give one.");
  }

  @Test
  void refusesAStartTimeThatWouldBeIgnored() {
    refused(
        () -> Workload.builder().start(LocalDateTime.MIN).build(),
        "A start time is for repeatable runs: give a seed too.");
  }

  private static void refused(ThrowingCallable call, String message) {
    assertThatIllegalArgumentException().isThrownBy(call).withMessage(message);
  }
}

package io.waltap.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class AllocationsTest {

  private static final int MEGABYTE = 1 << 20;

  private volatile byte[] kept = {};

  @Test
  void otherThreadsCountAsLongAsTheyLive() throws Exception {
    Allocations allocations = Allocations.now();
    CountDownLatch allocated = new CountDownLatch(1);
    CountDownLatch counted = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              kept = new byte[16 * MEGABYTE];
              allocated.countDown();
              awaitQuietly(counted);
            });
    thread.start();
    allocated.await();

    assertThat(allocations.since()).isBetween(16L * MEGABYTE, 24L * MEGABYTE);
    assertThat(kept).hasSize(16 * MEGABYTE);
    counted.countDown();
    thread.join();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

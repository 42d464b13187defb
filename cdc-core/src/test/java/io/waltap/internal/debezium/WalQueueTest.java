package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.internal.dispatch.SourceEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WalQueueTest {

  private static SourceEvent event(long lsn) {
    return new SourceEvent.Idle(new Lsn(lsn));
  }

  @Test
  void givesWhatCameInOrder() throws Exception {
    WalQueue queue = new WalQueue(10, 1000);
    for (long i = 1; i <= 5; i++) {
      assertThat(queue.offer(event(i), 1, 0)).isTrue();
    }
    assertThat(queue.poll(3, 0)).containsExactly(event(1), event(2), event(3));
    assertThat(queue.poll(3, 0)).containsExactly(event(4), event(5));
    assertThat(queue.poll(3, 0)).isEmpty();
  }

  @Test
  void isBoundedByCount() throws Exception {
    WalQueue queue = new WalQueue(2, 1000);
    assertThat(queue.offer(event(1), 1, 0)).isTrue();
    assertThat(queue.offer(event(2), 1, 0)).isTrue();
    assertThat(queue.offer(event(3), 1, 0)).isFalse();
    queue.poll(1, 0);
    assertThat(queue.offer(event(3), 1, 0)).isTrue();
  }

  @Test
  void isBoundedByBytesButTakesOneEventOfAnySize() throws Exception {
    WalQueue queue = new WalQueue(10, 100);
    assertThat(queue.offer(event(1), 5000, 0)).isTrue();
    assertThat(queue.offer(event(2), 1, 0)).isFalse();
    queue.poll(1, 0);
    assertThat(queue.offer(event(2), 60, 0)).isTrue();
    assertThat(queue.offer(event(3), 60, 0)).isFalse();
  }

  @Test
  void wakesAReaderAsSoonAsSomethingComes() throws Exception {
    WalQueue queue = new WalQueue(10, 100);
    Thread writer = new Thread(() -> offerQuietly(queue));
    writer.start();
    List<SourceEvent> taken = queue.poll(10, TimeUnit.MINUTES.toMillis(1));
    writer.join();
    assertThat(taken).containsExactly(event(1));
  }

  private static void offerQuietly(WalQueue queue) {
    try {
      queue.offer(event(1), 1, 0);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aWakeIsNotForgottenBeforeTheReaderComes() throws Exception {
    WalQueue queue = new WalQueue(10, 100);
    queue.wake();
    assertThat(queue.poll(10, TimeUnit.MINUTES.toMillis(1))).isEmpty();
  }

  @Test
  void aClosedQueueLetsEverybodyGo() throws Exception {
    WalQueue queue = new WalQueue(1, 100);
    queue.offer(event(1), 1, 0);
    queue.close();
    assertThat(queue.offer(event(2), 1, Long.MAX_VALUE)).isTrue();
    assertThat(queue.poll(10, TimeUnit.MINUTES.toMillis(1))).isEmpty();
  }
}

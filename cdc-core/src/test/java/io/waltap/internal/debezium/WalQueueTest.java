package io.waltap.internal.debezium;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.internal.dispatch.SourceEvent;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WalQueueTest {

  private static final long KIB = 1024;

  private static SourceEvent event(long lsn) {
    return new SourceEvent.Idle(new Lsn(lsn));
  }

  private static WalQueue queue(int events, long kib) {
    return new WalQueue(events, kib * KIB);
  }

  @Test
  void givesWhatCameInOrder() throws Exception {
    WalQueue queue = queue(10, 1000);
    for (long i = 1; i <= 5; i++) {
      queue.add(event(i), 1);
    }
    assertThat(queue.poll(3, 0)).containsExactly(event(1), event(2), event(3));
    assertThat(queue.poll(3, 0)).containsExactly(event(4), event(5));
    assertThat(queue.poll(3, 0)).isEmpty();
  }

  @Test
  void isBoundedByCount() throws Exception {
    WalQueue queue = queue(2, 1000);
    queue.add(event(1), 1);
    assertThat(queue.awaitRoom(0)).isTrue();
    queue.add(event(2), 1);
    assertThat(queue.awaitRoom(0)).isFalse();
    queue.poll(1, 0);
    assertThat(queue.awaitRoom(0)).isTrue();
  }

  @Test
  void isBoundedByBytes() throws Exception {
    WalQueue queue = queue(10, 100);
    queue.add(event(1), 60 * KIB);
    assertThat(queue.awaitRoom(0)).isTrue();
    queue.add(event(2), 60 * KIB);
    assertThat(queue.awaitRoom(0)).isFalse();
  }

  @Test
  void whatIsBeingDeliveredTakesItsRoom() throws Exception {
    WalQueue queue = queue(10, 100);
    queue.add(event(1), 5000 * KIB);
    List<SourceEvent> batch = queue.poll(1, 0);
    assertThat(queue.awaitRoom(0)).isFalse();
    assertThat(queue.queued().changes()).isZero();
    assertThat(queue.queued().bytes()).isGreaterThan(5000 * KIB);
    queue.done(batch);
    assertThat(batch).isEmpty();
    assertThat(queue.awaitRoom(0)).isTrue();
    assertThat(queue.queued().bytes()).isZero();
  }

  // Else nothing could be read while it is delivered.
  @Test
  void handsOverAFewLargeEventsAtOnce() throws Exception {
    WalQueue queue = queue(10, 100);
    for (long i = 1; i <= 9; i++) {
      queue.add(event(i), 11 * KIB);
    }
    List<SourceEvent> batch = queue.poll(10, 0);
    assertThat(batch).hasSize(2);
    queue.done(batch);
    assertThat(queue.awaitRoom(0)).isTrue();
  }

  @Test
  void wakesAReaderAsSoonAsSomethingComes() throws Exception {
    WalQueue queue = queue(10, 100);
    Thread writer = new Thread(() -> queue.add(event(1), 1));
    writer.start();
    List<SourceEvent> taken = queue.poll(10, TimeUnit.MINUTES.toMillis(1));
    writer.join();
    assertThat(taken).containsExactly(event(1));
  }

  @Test
  void aWakeIsNotForgottenBeforeTheReaderComes() throws Exception {
    WalQueue queue = queue(10, 100);
    queue.wake();
    assertThat(queue.poll(10, TimeUnit.MINUTES.toMillis(1))).isEmpty();
  }

  @Test
  void aClosedQueueLetsEverybodyGo() throws Exception {
    WalQueue queue = queue(1, 100);
    queue.add(event(1), 1);
    queue.close();
    assertThat(queue.awaitRoom(Long.MAX_VALUE)).isTrue();
    queue.add(event(2), 1);
    assertThat(queue.poll(10, TimeUnit.MINUTES.toMillis(1))).isEmpty();
    assertThat(queue.queued().changes()).isZero();
  }
}

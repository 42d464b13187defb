package io.waltap.internal.engine;

import static io.waltap.internal.engine.Events.begin;
import static io.waltap.internal.engine.Events.commit;
import static io.waltap.internal.engine.Events.insert;
import static io.waltap.internal.engine.Events.row;
import static io.waltap.internal.engine.Events.streamStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Listeners that are only told of something cannot hold up the engine, whatever they do. */
@Timeout(60)
class ToldListenersTest {

  private final Parts parts = new Parts();
  private final List<EngineState> states = new CopyOnWriteArrayList<>();
  private final CountDownLatch release = new CountDownLatch(1);

  @AfterEach
  void release() {
    release.countDown();
  }

  private void hangAt(EngineState moment) {
    parts.stopTimeout = Duration.ofMillis(200);
    parts.stateListeners.add(
        (from, to, failure) -> {
          if (to == moment) {
            awaitRelease();
          }
          states.add(to);
        });
  }

  private void awaitRelease() {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Thread streaming() {
    Thread delivery = new Thread(() -> parts.source.deliver(streamStart(1)), "test");
    delivery.start();
    return delivery;
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineState.class,
      names = {"SNAPSHOTTING", "STREAMING", "STOPPING", "STOPPED"})
  void aStateListenerThatHangsHoldsUpNoStopAndIsToldTheRestLater(EngineState moment)
      throws Exception {
    hangAt(moment);
    Engine engine = parts.start();
    Thread delivery = streaming();
    if (moment != EngineState.SNAPSHOTTING) {
      assertThat(engine.awaitStreaming(Parts.SOON)).isTrue();
    }
    engine.close();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(parts.log).contains("stop", "close store");
    assertThat(states).doesNotContain(moment, EngineState.STOPPED);
    delivery.join();
    release.countDown();
    Await.until("it is told the rest", () -> states.contains(EngineState.STOPPED));
    assertThat(states).contains(moment).isSorted();
  }

  @Test
  void aStopDoesNotWaitForAStateListenerBeforeTheSourceIsClosed() throws Exception {
    hangAt(EngineState.STREAMING);
    parts.stopTimeout = Duration.ofMinutes(1);
    Engine engine = parts.start();
    streaming();
    assertThat(engine.awaitStreaming(Parts.SOON)).isTrue();
    Thread closer = new Thread(engine::close, "test");
    closer.start();
    Await.until("the source is closed", () -> parts.log.contains("close store"));
    release.countDown();
    closer.join();
    assertThat(states).endsWith(EngineState.STOPPED);
  }

  @Test
  void aStateListenerThatHangsAtAFailureKeepsNobodyFromHearingOfIt() throws Exception {
    hangAt(EngineState.FAILED);
    Engine engine = parts.start();
    parts.source.deliver(streamStart(1));
    parts.source.end(new IOException("line cut"));
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    assertThat(engine.failure()).hasMessage("no other source: line cut");
  }

  @Test
  void aChangeIsDeliveredWhenTheStateItComesInIsTold() throws Exception {
    List<String> order = new CopyOnWriteArrayList<>();
    parts.stateListeners.add(
        (from, to, failure) -> {
          awaitRelease();
          order.add(to.name());
        });
    parts.listener = event -> order.add(event.operation().name());
    Engine engine = parts.start();
    Thread delivery =
        new Thread(
            () -> {
              parts.source.deliver(row(1));
              parts.source.deliver(streamStart(1), begin(3), insert(2), commit(3));
            });
    delivery.start();
    Await.until("a row waits", () -> delivery.getState() == Thread.State.WAITING);
    release.countDown();
    delivery.join();
    engine.close();
    assertThat(order)
        .containsExactly("SNAPSHOTTING", "READ", "STREAMING", "INSERT", "STOPPING", "STOPPED");
  }

  @Test
  void theStateIsThereWhenItIsTold() throws Exception {
    CompletableFuture<Engine> itself = new CompletableFuture<>();
    List<Boolean> there = new CopyOnWriteArrayList<>();
    parts.stateListeners.add(
        (from, to, failure) -> there.add(itself.join().state().compareTo(to) >= 0));
    Engine engine = parts.start();
    itself.complete(engine);
    parts.source.deliver(streamStart(1));
    engine.close();
    assertThat(there).as("all four states").containsExactly(true, true, true, true);
  }

  @Test
  void aStateListenerThatThrowsKeepsNobodyFromBeingTold() throws Exception {
    parts.stateListeners.add(
        (from, to, failure) -> {
          throw new AssertionError("not now");
        });
    parts.stateListeners.add((from, to, failure) -> states.add(to));
    Engine engine = parts.start();
    engine.close();
    assertThat(states)
        .containsExactly(EngineState.SNAPSHOTTING, EngineState.STOPPING, EngineState.STOPPED);
  }

  @Test
  void aSlotListenerThatHangsHoldsUpNoHeartbeat() throws Exception {
    AtomicInteger beats = new AtomicInteger();
    CountDownLatch told = new CountDownLatch(1);
    parts.walBudget = 100L;
    parts.heartbeats = Duration.ofMillis(20);
    parts.pulse =
        new Pulse() {
          @Override
          public Reply beat(long number) {
            beats.incrementAndGet();
            return new Reply(null, new SlotStatus(new Lsn(1), null, 90, "reserved", null));
          }

          @Override
          public Look look(@Nullable Integer backend) {
            return new Look(beat(0).slot(), null);
          }

          @Override
          public void close() {}
        };
    parts.slotListeners.add(
        (slot, percent) -> {
          told.countDown();
          awaitRelease();
        });
    Engine engine = parts.start();
    parts.source.deliver(streamStart(1));
    told.await();
    int before = beats.get();
    Await.until("heartbeats go on", () -> beats.get() > before + 2);
    engine.close();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
  }
}

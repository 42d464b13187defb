package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.ChangeEvent;
import io.waltap.event.SlotStatus;
import io.waltap.listener.EngineState;
import io.waltap.testing.Await;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The server's log piles up behind the slot while no stream is open; that is seen and told. */
class RetainedWalIT extends ItemTable {

  private static final long BUDGET = 4_000_000;

  private final CountDownLatch inside = new CountDownLatch(1);
  private final CountDownLatch proceed = new CountDownLatch(1);
  private final List<Integer> shares = new CopyOnWriteArrayList<>();

  @BeforeEach
  void createFiller() {
    database.execute("CREATE TABLE filler (text text)");
  }

  private void hold(ChangeEvent<Item> change) throws InterruptedException {
    inside.countDown();
    proceed.await();
  }

  private CdcEngine startHolding() throws InterruptedException {
    return CdcEngine.builder(
            config().walBudget(BUDGET).heartbeatInterval(Duration.ofMillis(200)).build())
        .listen(ITEMS, this::hold)
        .onRetainedWal((slot, percent) -> shares.add(percent))
        .start();
  }

  private static long retained(CdcEngine engine) {
    SlotStatus slot = engine.status().slot();
    return slot == null ? 0 : slot.retainedBytes();
  }

  private void assertIsTold(CdcEngine engine, EngineState state) {
    Await.until(
        "it is told",
        () -> {
          database.execute(
              "INSERT INTO filler SELECT repeat(md5(i::text), 10) FROM generate_series(1, 300) i");
          return shares.contains(80);
        });
    assertThat(engine.state()).isEqualTo(state);
    long retained = retained(engine);
    assertThat(retained).isGreaterThanOrEqualTo(BUDGET / 5 * 4);
    database.execute("INSERT INTO filler SELECT repeat('x', 1000) FROM generate_series(1, 100)");
    Await.until("the next look shows more", () -> retained(engine) > retained);
    assertThat(engine.state()).isEqualTo(state);
  }

  @Test
  void whileTheSnapshotIsDelivered() throws Exception {
    database.execute("INSERT INTO item VALUES (1, 1, 'x')");
    try (CdcEngine engine = startHolding()) {
      inside.await();
      assertIsTold(engine, EngineState.SNAPSHOTTING);
      proceed.countDown();
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      assertThat(engine.status().reconnects()).isZero();
    }
  }

  @Test
  void whileAListenerKeepsALostStreamFromBeingReplaced() throws Exception {
    try (CdcEngine engine = startHolding()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute("INSERT INTO item VALUES (1, 1, 'x')");
      inside.await();
      database.execute("SELECT pg_terminate_backend(" + slot("active_pid") + ")");
      Await.until("it is noticed", () -> engine.state() == EngineState.RECONNECTING);
      assertIsTold(engine, EngineState.RECONNECTING);
      proceed.countDown();
      assertThat(engine.awaitStreaming(SOON)).isTrue();
    }
  }

  @Test
  void whileAListenerHoldsUpAnOpenStream() throws Exception {
    try (CdcEngine engine = startHolding()) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      database.execute("INSERT INTO item VALUES (1, 1, 'x')");
      inside.await();
      assertIsTold(engine, EngineState.STREAMING);
      proceed.countDown();
    }
  }
}

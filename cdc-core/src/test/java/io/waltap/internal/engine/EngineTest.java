package io.waltap.internal.engine;

import static io.waltap.internal.engine.Events.begin;
import static io.waltap.internal.engine.Events.commit;
import static io.waltap.internal.engine.Events.insert;
import static io.waltap.internal.engine.Events.streamStart;
import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EngineTest {

  private final Parts parts = new Parts();
  private final List<String> log = parts.log;
  private final FakeChangeSource source = parts.source;

  private Engine engine(ChangeListener<Row> listener) throws InterruptedException {
    parts.listener = listener;
    return parts.start();
  }

  @Test
  void aPositionIsDurableBeforeTheServerHearsOfIt() throws Exception {
    Engine engine = engine(event -> log.add("deliver"));
    source.deliver(streamStart(1));
    source.deliver(begin(99), insert(2), commit(3));
    engine.close();
    assertThat(log)
        .containsExactly(
            "save 0/1",
            "confirm 0/1",
            "deliver",
            "save 0/3",
            "confirm 0/3",
            "quiesce",
            "stop",
            "close store");
  }

  @Test
  void aTransactionInSeveralBatchesMovesThePositionOnce() throws Exception {
    engine(event -> {});
    source.deliver(streamStart(1), begin(99), insert(2));
    source.deliver(insert(3));
    source.deliver(insert(4), commit(5));
    assertThat(log).containsExactly("save 0/1", "confirm 0/1", "save 0/5", "confirm 0/5");
  }

  @Test
  void nothingIsDeliveredPastAChangeThatWasRefused() throws Exception {
    List<String> ids = new ArrayList<>();
    Engine engine =
        engine(
            event -> {
              if (event.metadata().lsn().equals(new Lsn(3))) {
                throw new IllegalStateException("refused");
              }
              ids.add(event.metadata().lsn().toString());
            });
    source.deliver(streamStart(1), begin(99), insert(2), commit(9));
    source.deliver(begin(99), insert(3), insert(4), commit(10));
    source.deliver(begin(99), insert(5), commit(11));
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    assertThat(ids).containsExactly("0/2");
    assertThat(engine.processed()).isEqualTo(new Lsn(9));
  }

  @Test
  void aStopWaitsForTheEndOfTheTransactionAndTakesNoMore() throws Exception {
    List<String> ids = new ArrayList<>();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    Engine engine =
        engine(
            event -> {
              inside.countDown();
              proceed.await();
              ids.add(event.metadata().lsn().toString());
            });
    Thread delivery =
        new Thread(
            () -> {
              source.deliver(streamStart(1), begin(99), insert(2));
              source.deliver(insert(3), commit(9), begin(99), insert(4), commit(12));
            });
    delivery.start();
    inside.await();
    Thread closer = new Thread(engine::close);
    closer.start();
    assertThat(engine.state()).isNotEqualTo(EngineState.STOPPED);
    proceed.countDown();
    closer.join();
    delivery.join();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(engine.processed()).isIn(new Lsn(9), new Lsn(12));
    assertThat(ids).startsWith("0/2", "0/3");
  }

  @Test
  void aSourceThatFailsEndsTheEngineWithItsFailure() throws Exception {
    Engine engine = engine(event -> {});
    source.deliver(streamStart(1));
    source.end(new IOException("line cut"));
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    assertThat(engine.failure()).hasMessage("no other source: line cut");
    engine.close();
    assertThat(engine.state()).isEqualTo(EngineState.FAILED);
  }

  @Test
  void closeIsIdempotent() throws Exception {
    Engine engine = engine(event -> {});
    engine.close();
    engine.close();
    source.end(null);
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(log).containsOnlyOnce("stop").containsOnlyOnce("close store");
  }

  @Test
  void whoWaitsForAPositionIsToldWhenTheEngineEnds() throws Exception {
    Engine engine = engine(event -> {});
    Thread closer = new Thread(engine::close);
    closer.start();
    assertThat(engine.awaitProcessed(new Lsn(100), Duration.ofMinutes(1))).isFalse();
    closer.join();
  }

  @Test
  void whoWaitsForAPositionIsToldWhenItIsReached() throws Exception {
    Engine engine = engine(event -> {});
    Thread delivery = new Thread(() -> source.deliver(streamStart(1), begin(99), commit(100)));
    delivery.start();
    assertThat(engine.awaitProcessed(new Lsn(100), Parts.SOON)).isTrue();
    delivery.join();
  }
}

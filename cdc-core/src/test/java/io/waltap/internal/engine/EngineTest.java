package io.waltap.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.Route;
import io.waltap.internal.dispatch.SourceEvent;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.Commit;
import io.waltap.internal.dispatch.SourceEvent.StreamStart;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import io.waltap.table.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EngineTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final RowLayout LAYOUT =
      RowLayout.of(List.of(new ColumnShape("id", "int4", true)));

  private final List<String> log = new ArrayList<>();
  private final FakeChangeSource source = new FakeChangeSource(log);
  private boolean diskFull;

  /** Writes into the same log as the source, so that the order of the two shows. */
  private final class LoggingStore implements OffsetStore {
    @Override
    public Optional<Offset> open() {
      return Optional.empty();
    }

    @Override
    public void save(Offset offset) throws IOException {
      if (diskFull) {
        throw new IOException("no space left");
      }
      log.add("save " + offset.lsn());
    }

    @Override
    public void close() {
      log.add("close store");
    }
  }

  private Engine engine(ChangeListener<Row> listener) throws InterruptedException {
    Engine engine =
        new Engine(
            new Engine.Wiring(
                "test",
                new Sources.Opened(source, new Offset("slot", "1", 1, "waltap", null)),
                (failure, resumeFrom, lost) -> {
                  throw new IllegalStateException("no other source: " + failure.getMessage());
                },
                new Dispatcher(List.of(new Route<>(Table.of("public.item"), listener))),
                new LoggingStore(),
                List.of(),
                SOON,
                new SilentPulse(),
                Duration.ofMinutes(1),
                null,
                List.of()));
    assertThat(engine.start(SOON)).isTrue();
    return engine;
  }

  private static SourceEvent begin() {
    return new Begin(1, new Lsn(99), Instant.EPOCH);
  }

  private static SourceEvent insert(int id) {
    Row row = LAYOUT.row(new String[] {Integer.toString(id)});
    TableId table = new TableId("public", "item");
    return new SourceEvent.RowChange(
        Operation.INSERT, table, new Lsn(id), LAYOUT.key(row), null, null, row);
  }

  private static SourceEvent commit(long end) {
    return new Commit(new Lsn(end));
  }

  @Test
  void aPositionIsDurableBeforeTheServerHearsOfIt() throws Exception {
    Engine engine = engine(event -> log.add("deliver"));
    source.deliver(new StreamStart(new Lsn(1)));
    source.deliver(begin(), insert(2), commit(3));
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
    source.deliver(new StreamStart(new Lsn(1)), begin(), insert(2));
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
    source.deliver(new StreamStart(new Lsn(1)), begin(), insert(2), commit(9));
    source.deliver(begin(), insert(3), insert(4), commit(10));
    source.deliver(begin(), insert(5), commit(11));
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
              source.deliver(new StreamStart(new Lsn(1)), begin(), insert(2));
              source.deliver(insert(3), commit(9), begin(), insert(4), commit(12));
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
    source.deliver(new StreamStart(new Lsn(1)));
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
    Thread delivery =
        new Thread(() -> source.deliver(new StreamStart(new Lsn(1)), begin(), commit(100)));
    delivery.start();
    assertThat(engine.awaitProcessed(new Lsn(100), SOON)).isTrue();
    delivery.join();
  }
}

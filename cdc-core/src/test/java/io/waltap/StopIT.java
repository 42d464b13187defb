package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Lsn;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.testing.RecordingListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an engine ends: asked to, refused by a listener, or cut off. */
class StopIT extends Leftovers {

  @ParameterizedTest
  @ValueSource(strings = {"runtime", "checked", "error", "retriable", "interrupted"})
  void aListenerThatThrowsStopsTheEngineAndGetsTheChangeAgain(String kind) throws Exception {
    List<Integer> accepted = new CopyOnWriteArrayList<>();
    ChangeListener<Item> picky =
        event -> {
          Item item = ((Insert<Item>) event).after();
          if (item.id() == 3) {
            throw trouble(kind);
          }
          accepted.add(item.id());
        };
    try (CdcEngine engine = start(picky)) {
      database.execute(
          "INSERT INTO item VALUES (1, 1, '')",
          "INSERT INTO item SELECT i, i, '' FROM generate_series(2, 5) i",
          "INSERT INTO item VALUES (6, 6, '')");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("public.item")
          .hasStackTraceContaining("refused 3");
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
      assertThat(engine.failure()).isPresent();
    }
    assertThat(accepted).containsExactly(1, 2);
    RecordingListener<Item> patient = new RecordingListener<>();
    try (CdcEngine engine = start(patient)) {
      awaitProcessed(engine);
    }
    assertThat(patient.events())
        .extracting(e -> ((Insert<Item>) e).after().id())
        .as("the transaction that was refused, whole, and what came after it")
        .containsExactly(2, 3, 4, 5, 6);
  }

  private static Exception trouble(String kind) throws Exception {
    String message = "refused 3";
    return switch (kind) {
      case "runtime" -> new IllegalStateException(message);
      case "checked" -> new Exception(message);
      case "error" -> throw new AssertionError(message);
      case "retriable" -> new RetriableException(message);
      case "interrupted" -> new InterruptedException(message);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  @Test
  void closeInsideAListenerFinishesTheTransactionAndStops() throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    AtomicInteger count = new AtomicInteger();
    CdcEngine engine =
        start(
            event -> {
              if (count.incrementAndGet() == 2) {
                itself.join().close();
              }
            });
    itself.complete(engine);
    database.execute(
        "INSERT INTO item SELECT i, i, '' FROM generate_series(1, 4) i",
        "INSERT INTO item VALUES (5, 5, '')");
    engine.awaitStopped();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(count).as("the transaction of four, and not the next one").hasValue(4);
    engine.close();
    awaitFreeSlot();
  }

  @Test
  void leavesNoThreadAndNoConnectionBehind() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
    }
    assertNothingIsLeft();
  }

  @Test
  void aPublicationThatIsDroppedEndsInFailedAndNoChangeIsSkipped() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      database.execute("INSERT INTO item VALUES (1, 1, '')");
      awaitProcessed(engine);
      Lsn before = engine.status().processed();
      database.execute("DROP PUBLICATION waltap", "INSERT INTO item VALUES (2, 2, '')");
      assertThatThrownBy(engine::awaitStopped)
          .isInstanceOf(CdcException.class)
          .hasMessageContaining("waltap");
      assertThat(engine.status().processed())
          .as("no position beyond the change that was not sent")
          .isLessThan(now())
          .isGreaterThanOrEqualTo(before);
    }
  }

  @Test
  void aPublicationThatWasAwayForAMomentIsNotPassedOver() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      awaitProcessed(engine);
      database.execute("DROP PUBLICATION waltap", "INSERT INTO item VALUES (1, 1, '')");
      Lsn missed = now();
      database.execute(
          "CREATE PUBLICATION waltap FOR TABLE item", "INSERT INTO item VALUES (2, 2, '')");
      assertThatThrownBy(engine::awaitStopped).isInstanceOf(CdcException.class);
      assertThat(engine.status().processed()).isLessThan(missed);
    }
  }
}

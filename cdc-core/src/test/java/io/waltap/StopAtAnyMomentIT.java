package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.waltap.event.ChangeEvent.Insert;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineListener;
import io.waltap.listener.EngineState;
import io.waltap.testing.RecordingListener;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A stop from anywhere, at any moment, whatever listeners do meanwhile: it comes to an end, nothing
 * is lost, and nothing is left.
 */
@Timeout(120)
class StopAtAnyMomentIT extends Leftovers {

  private static final Duration SHORT = Duration.ofSeconds(1);

  @Test
  void severalThreadsCloseAtOnce() throws Exception {
    CdcEngine engine = start(event -> {});
    insert(1, 100);
    List<Thread> closers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      closers.add(started(engine::close));
    }
    for (Thread closer : closers) {
      closer.join();
    }
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertNothingIsLeft();
  }

  @ParameterizedTest
  @EnumSource(
      value = EngineState.class,
      names = {"STREAMING", "STOPPING", "STOPPED", "FAILED"})
  void aStateListenerCloses(EngineState moment) throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    AtomicBoolean closed = new AtomicBoolean();
    EngineListener closer =
        (from, to, failure) -> {
          if (to == moment) {
            itself.join().close();
            closed.set(true);
          }
        };
    CdcEngine engine =
        CdcEngine.builder(config().build()).listen(ITEMS, this::refuse).onState(closer).start();
    itself.complete(engine);
    if (moment == EngineState.FAILED) {
      assertThat(engine.awaitStreaming(SOON)).isTrue();
      insert(1, 1);
      assertThatThrownBy(engine::awaitStopped).isInstanceOf(CdcException.class);
      assertThat(engine.state()).isEqualTo(EngineState.FAILED);
    } else {
      if (moment != EngineState.STREAMING) {
        engine.close();
      }
      engine.awaitStopped();
      assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    }
    assertThat(closed).isTrue();
    assertNothingIsLeft();
  }

  private void refuse(Object event) {
    throw new IllegalStateException("refused");
  }

  @Test
  void aStateListenerThatThrowsChangesNothing() throws Exception {
    AtomicInteger told = new AtomicInteger();
    CdcEngine engine =
        CdcEngine.builder(config().build())
            .listen(ITEMS, event -> {})
            .onState(
                (from, to, failure) -> {
                  throw new IllegalStateException("not now");
                })
            .onState((from, to, failure) -> told.incrementAndGet())
            .start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    insert(1, 1);
    awaitProcessed(engine);
    engine.close();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    assertThat(told).as("SNAPSHOTTING, STREAMING, STOPPING, STOPPED").hasValue(4);
    assertNothingIsLeft();
  }

  @Test
  void aMessageListenerThatThrowsGetsTheMessageAgain() throws Exception {
    CdcEngine.Builder builder = CdcEngine.builder(config().build()).listen(ITEMS, event -> {});
    CdcEngine engine =
        builder
            .onMessage(
                message -> {
                  throw new AssertionError("not this one");
                })
            .start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    database.execute("SELECT pg_logical_emit_message(true, 'greeting', 'hello')");
    assertThatThrownBy(engine::awaitStopped)
        .hasMessageContaining("prefix 'greeting' at ")
        .hasMessageContaining("java.lang.AssertionError")
        .hasStackTraceContaining("not this one");
    assertNothingIsLeft();
    List<String> prefixes = new ArrayList<>();
    try (CdcEngine next =
        CdcEngine.builder(config().build())
            .listen(ITEMS, event -> {})
            .onMessage(message -> prefixes.add(message.prefix()))
            .start()) {
      awaitProcessed(next);
    }
    assertThat(prefixes).contains("greeting");
  }

  @Test
  void aSchemaListenerThatThrowsStopsBeforeTheChange() throws Exception {
    List<Integer> accepted = new ArrayList<>();
    insert(1, 1);
    CdcEngine engine =
        CdcEngine.builder(config().build())
            .listen(ITEMS, event -> accepted.add(1))
            .onSchemaChange(
                change -> {
                  throw new LinkageError("not this shape");
                })
            .start();
    assertThat(engine.awaitStreaming(SOON)).isTrue();
    database.execute("ALTER TABLE item ADD more int", "INSERT INTO item VALUES (2, 2, '', 2)");
    assertThatThrownBy(engine::awaitStopped)
        .hasMessageContaining("new columns or key of public.item: java.lang.LinkageError");
    assertThat(accepted).as("the row of the snapshot").hasSize(1);
    assertNothingIsLeft();
    assertThat(redelivered()).containsExactly(2);
  }

  @Test
  void aListenerThatInterruptsItsOwnThreadLosesNothing() throws Exception {
    RecordingListener<Item> kept = new RecordingListener<>();
    ChangeListener<Item> rude =
        event -> {
          kept.onChange(event);
          Thread.currentThread().interrupt();
        };
    CdcEngine engine = start(rude);
    insert(1, 3);
    insert(4, 4);
    Throwable outcome = catchThrowable(() -> engine.awaitProcessed(now(), SOON));
    engine.close();
    assertThat(engine.state().isFinal()).isTrue();
    assertNothingIsLeft();
    List<Integer> first = kept.events().stream().map(e -> ((Insert<Item>) e).after().id()).toList();
    List<Integer> second = redelivered();
    assertThat(first).as("in %s after %s", engine.state(), outcome).isSorted();
    assertThat(second)
        .as("whole transactions, after %s", first)
        .isIn(List.of(List.of(), List.of(4), List.of(1, 2, 3, 4)));
    assertThat(Stream.concat(first.stream(), second.stream())).contains(1, 2, 3, 4);
  }

  @Test
  void aListenerThatWaitsForTheEngineItStopsCannotKeepItFromStopping() throws Exception {
    CompletableFuture<CdcEngine> itself = new CompletableFuture<>();
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    ChangeListener<Item> waiting =
        event -> {
          inside.countDown();
          try {
            itself.join().awaitStopped();
          } finally {
            released.countDown();
          }
        };
    CdcEngine engine =
        CdcEngine.builder(config().stopTimeout(SHORT).build()).listen(ITEMS, waiting).start();
    itself.complete(engine);
    insert(1, 1);
    inside.await();
    engine.close();
    assertThat(engine.state()).isEqualTo(EngineState.STOPPED);
    released.await();
    assertNothingIsLeft();
    assertThat(redelivered()).as("what was in the forced stop").containsExactly(1);
  }
}

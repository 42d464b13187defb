package io.waltap.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.internal.dispatch.Dispatcher;
import io.waltap.internal.dispatch.Listeners;
import io.waltap.internal.dispatch.Subscription;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineListener;
import io.waltap.listener.SlotListener;
import io.waltap.offset.Offset;
import io.waltap.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** What an engine in a test is made of, for the test to change before it starts. */
final class Parts {

  static final Duration SOON = Duration.ofSeconds(10);

  /** What the source and the store were told. */
  final List<String> log = new CopyOnWriteArrayList<>();

  final FakeChangeSource source = new FakeChangeSource(log);
  final FakeStore store = new FakeStore(log);
  final List<EngineListener> stateListeners = new ArrayList<>();
  final List<SlotListener> slotListeners = new ArrayList<>();
  ChangeListener<Row> listener = event -> {};

  /** Takes the place of the listener. */
  @Nullable Dispatcher dispatcher;

  Sources sources =
      (failure, resumeFrom, lost) -> {
        throw new IllegalStateException("no other source: " + failure.getMessage());
      };
  Pulse pulse = new SilentPulse();
  Duration heartbeats = Duration.ofMinutes(1);
  Duration stopTimeout = SOON;
  @Nullable Long walBudget;

  /** Where a source begins; null for a snapshot. */
  static Offset offset(@Nullable Lsn lsn) {
    return new Offset("slot", "1", 1, "waltap", lsn);
  }

  Engine start() throws InterruptedException {
    Engine engine =
        new Engine(
            new Engine.Wiring(
                "test",
                new Sources.Opened(source, offset(null)),
                sources,
                dispatcher(),
                store,
                stateListeners,
                stopTimeout,
                pulse,
                heartbeats,
                walBudget,
                slotListeners));
    assertThat(engine.start(SOON)).isTrue();
    return engine;
  }

  private Dispatcher dispatcher() {
    Dispatcher given = dispatcher;
    return given != null
        ? given
        : new Dispatcher(Listeners.of(Subscription.of(Table.of("public.item"), listener)));
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.debezium.engine.StopEngineException;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.EngineState;
import io.waltap.testing.RecordingListener;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a listener throws, wherever it does: the engine fails and says where, and the next one
 * delivers that change again and all that follow.
 */
class ThrowingListenerIT extends ItemTable {

  private static final String SAID = "the row said 4711";

  /** What the JVM throws when it kills a thread has no public class any more. */
  private static final class Deadly extends Error {
    private static final long serialVersionUID = 1L;
  }

  private static final class Hostile extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new IllegalStateException("no message");
    }

    @Override
    public String toString() {
      throw new AssertionError("no text");
    }

    @Override
    public StackTraceElement[] getStackTrace() {
      throw new UnsupportedOperationException();
    }
  }

  private static Named<Supplier<Throwable>> kind(Supplier<Throwable> made) {
    return Named.of(made.get().getClass().getName(), made);
  }

  /** Of a library that tests do not declare. */
  private static Throwable named(String type) {
    try {
      return Class.forName(type)
          .asSubclass(Throwable.class)
          .getConstructor(String.class)
          .newInstance(SAID);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Named<Supplier<Throwable>>> throwables() {
    return Stream.of(
        kind(() -> new IllegalStateException(SAID)),
        kind(() -> new NullPointerException(null)),
        kind(() -> new Exception(SAID)),
        kind(() -> new IOException(SAID)),
        kind(() -> new Throwable(SAID)),
        kind(() -> new AssertionError(SAID)),
        kind(() -> new OutOfMemoryError(SAID)),
        kind(() -> new StackOverflowError()),
        kind(Deadly::new),
        kind(() -> new LinkageError(SAID)),
        kind(() -> new InterruptedException(SAID)),
        kind(() -> new RetriableException(SAID)),
        kind(() -> new ConnectException(SAID)),
        kind(() -> new StopEngineException(SAID)),
        kind(() -> named("io.debezium.DebeziumException")),
        kind(Hostile::new));
  }

  /** Throws at one item and keeps the others. */
  private static final class Picky implements ChangeListener<Item> {
    final int refused;
    final Throwable thrown;
    final List<Integer> accepted = new ArrayList<>();

    Picky(int refused, Throwable thrown) {
      this.refused = refused;
      this.thrown = thrown;
    }

    @Override
    public synchronized void onChange(ChangeEvent<Item> event) throws Exception {
      int id = id(event);
      if (id == refused) {
        sneak(thrown);
      }
      accepted.add(id);
    }

    synchronized List<Integer> accepted() {
      return List.copyOf(accepted);
    }
  }

  @SuppressWarnings("unchecked") // a listener in another language may throw what it likes
  private static <E extends Throwable> void sneak(Throwable thrown) throws E {
    throw (E) thrown;
  }

  private static int id(ChangeEvent<Item> event) {
    return (event instanceof Read<Item> read ? read.after() : ((Insert<Item>) event).after()).id();
  }

  @ParameterizedTest
  @MethodSource("throwables")
  void stopsTheEngineAndComesAgain(Supplier<Throwable> made) throws Exception {
    database.execute("INSERT INTO item SELECT i, i, '' FROM generate_series(1, 3) i");
    String row = "WalTap .*: The listener of public.item did not accept a row of the snapshot at ";
    assertThat(refused(1, made.get(), row)).isEmpty();
    assertThat(refused(2, made.get(), row)).containsExactly(1);
    RecordingListener<Item> reader = new RecordingListener<>();
    try (CdcEngine engine = start(reader)) {
      awaitProcessed(engine);
    }
    assertThat(ids(reader)).as("the snapshot, whole").containsExactly(1, 2, 3);

    database.execute(
        "INSERT INTO item SELECT i, i, '' FROM generate_series(11, 13) i",
        "INSERT INTO item VALUES (14, 14, '')");
    String insert = "WalTap .*: The listener of public.item did not accept an insert at .*/.*";
    assertThat(refused(11, made.get(), insert + "\\(change 1 of transaction \\d+\\): ")).isEmpty();
    assertThat(refused(12, made.get(), insert + "\\(change 2 of transaction \\d+\\): "))
        .containsExactly(11);
    RecordingListener<Item> streamer = new RecordingListener<>();
    try (CdcEngine engine = start(streamer)) {
      awaitProcessed(engine);
    }
    assertThat(ids(streamer))
        .as("what was refused and what follows")
        .containsExactly(11, 12, 13, 14);
  }

  private static List<Integer> ids(RecordingListener<Item> listener) {
    return listener.events().stream().map(ThrowingListenerIT::id).toList();
  }

  /** Runs an engine whose listener refuses an item; gives what it accepted before. */
  private List<Integer> refused(int id, Throwable thrown, String message) throws Exception {
    Picky picky = new Picky(id, thrown);
    AtomicReference<EngineState> last = new AtomicReference<>();
    CdcException failure = failure(picky, last);
    assertThat(last).hasValue(EngineState.FAILED);
    assertThat(failure.getMessage()).matches("(?s)" + message + ".*").doesNotContain(SAID);
    assertThat(failure.getMessage()).contains(thrown.getClass().getName());
    assertThat(causes(failure)).anySatisfy(cause -> assertThat(cause == thrown).isTrue());
    awaitFreeSlot();
    return picky.accepted();
  }

  /** The engine may fail before it has told that it started. */
  private CdcException failure(Picky picky, AtomicReference<EngineState> last) throws Exception {
    CdcConfig config = config().build();
    try (CdcEngine engine =
        CdcEngine.builder(config)
            .listen(ITEMS, picky)
            .onState((from, to, cause) -> last.set(to))
            .start()) {
      engine.awaitStopped();
      throw new AssertionError("the engine stopped without a failure");
    } catch (CdcException e) {
      return e;
    }
  }

  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (@Nullable Throwable t = failure; t != null; t = t.getCause()) {
      causes.add(t);
    }
    return causes;
  }
}

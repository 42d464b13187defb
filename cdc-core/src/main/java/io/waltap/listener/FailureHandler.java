package io.waltap.listener;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Row;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Says what becomes of a change that its listener did not accept. Without one, the engine stops.
 *
 * <pre>{@code
 * .listen(orders, listener)
 * .onFailure(FailureHandler.retry(5, Duration.ofMillis(200), Action.park()))
 * }</pre>
 *
 * <p>Called on the thread of the listener that failed; with workers, on several at a time. If it
 * throws itself, the engine stops.
 */
@FunctionalInterface
public interface FailureHandler {

  /** No wait between two attempts is longer, but for its jitter. */
  Duration LONGEST_RETRY = Duration.ofMinutes(1);

  /** Decides. */
  Action onFailure(Failure failure);

  /**
   * Is told of each change that was skipped or parked, also of those that were parked because an
   * earlier change of their key is. What it throws is logged.
   *
   * @param action what was done
   */
  default void onSetAside(Failure failure, Action action) {}

  /**
   * Tries again some times, at intervals that double from the first one on, up to {@link
   * #LONGEST_RETRY}, each between a half and one and a half of that.
   *
   * @param most how often at most
   * @param first the first interval
   * @param last what to do then
   */
  static FailureHandler retry(int most, Duration first, Action last) {
    if (most < 1 || first.isNegative() || first.isZero() || last instanceof Retry) {
      throw new IllegalArgumentException(
          "retries are at least one, at an interval above zero, and end with something else");
    }
    return failure -> failure.attempts() > most ? last : new Retry(wait(first, failure.attempts()));
  }

  private static Duration wait(Duration first, int attempts) {
    double doubled = first.toNanos() * Math.pow(2, attempts - 1);
    double bounded = Math.min(doubled, (double) LONGEST_RETRY.toNanos());
    double jitter = 0.5 + ThreadLocalRandom.current().nextDouble();
    return Duration.ofNanos((long) (bounded * jitter));
  }

  /**
   * A call that did not succeed.
   *
   * @param changes what it was called with, in order, with rows as PostgreSQL holds them: one
   *     change; of a batch or a transaction, all
   * @param cause what it threw, or what kept a row from becoming what the listener wants; null if a
   *     change was parked behind another, without a call
   * @param attempts how often it was called with them, this time included; 0 if it was not
   */
  record Failure(List<ChangeEvent<Row>> changes, @Nullable Throwable cause, int attempts) {

    public Failure {
      changes = List.copyOf(changes);
    }

    /** The first change. */
    public ChangeEvent<Row> change() {
      return changes.get(0);
    }
  }

  /** What can be done. */
  sealed interface Action {

    /** Calls again, no sooner than that. Other keys of a listener with workers go on meanwhile. */
    static Action retry(Duration after) {
      return new Retry(after);
    }

    /** Goes on without the change; it is logged and counted, and kept nowhere. */
    static Action skip() {
      return new Skip();
    }

    /**
     * Puts the change into the dead letters, and later changes of its key behind it until all
     * before them were replayed or discarded, so that their order is kept. Needs {@code
     * CdcEngine.Builder.deadLetters}. Changes of a table without a key follow each other like those
     * of one key.
     */
    static Action park() {
      return new Park(false);
    }

    /** Puts the change into the dead letters; later changes of its key are delivered. */
    static Action parkAlone() {
      return new Park(true);
    }

    /** Stops the engine; the next start delivers the change again. */
    static Action stop() {
      return new Stop();
    }
  }

  /** See {@link Action#retry}. */
  record Retry(Duration after) implements Action {}

  /** See {@link Action#skip}. */
  record Skip() implements Action {}

  /** See {@link Action#park} and {@link Action#parkAlone}. */
  record Park(boolean alone) implements Action {}

  /** See {@link Action#stop}. */
  record Stop() implements Action {}
}

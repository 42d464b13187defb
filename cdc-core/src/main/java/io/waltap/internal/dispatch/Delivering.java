package io.waltap.internal.dispatch;

import io.waltap.deadletter.JdbcDeadLetters;
import io.waltap.internal.dispatch.Crew.Effects;
import java.io.IOException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * With what changes are delivered.
 *
 * @param name the engine's, for threads
 * @param executor runs workers and batches; null for threads of the engine's own
 * @param maxChanges how many changes may wait for them, all together
 * @param maxBytes about how many bytes these may hold
 * @param letters where parked changes are kept; null if none can be
 * @param parking which keys have such; null if none can
 * @param effects where listeners' effects are kept; null if no listener has such
 */
public record Delivering(
    String name,
    @Nullable Executor executor,
    int maxChanges,
    long maxBytes,
    @Nullable JdbcDeadLetters letters,
    @Nullable Parking parking,
    @Nullable Effects effects) {

  /** For listeners that are called on the dispatching thread. */
  public static Delivering inOrder() {
    return of("", null, Integer.MAX_VALUE, Long.MAX_VALUE, null);
  }

  /** Without dead letters. */
  public static Delivering of(
      String name,
      @Nullable Executor executor,
      int maxChanges,
      long maxBytes,
      @Nullable Effects effects) {
    return new Delivering(name, executor, maxChanges, maxBytes, null, null, effects);
  }

  /**
   * With dead letters.
   *
   * @throws IOException if they cannot be used
   */
  public Delivering parkingIn(JdbcDeadLetters box) throws IOException {
    return new Delivering(
        name, executor, maxChanges, maxBytes, box, new ParkedKeys(box, box.open()), effects);
  }
}

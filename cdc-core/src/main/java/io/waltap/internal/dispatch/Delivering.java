package io.waltap.internal.dispatch;

import io.waltap.internal.dispatch.Crew.Effects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * With what changes are delivered.
 *
 * @param name the engine's, for threads
 * @param executor runs workers and batches; null for threads of the engine's own
 * @param maxChanges how many changes may wait for them, all together
 * @param maxBytes about how many bytes these may hold
 * @param parking where changes are parked; null if they cannot be
 * @param effects where listeners' effects are kept; null if no listener has such
 */
public record Delivering(
    String name,
    @Nullable Executor executor,
    int maxChanges,
    long maxBytes,
    @Nullable Parking parking,
    @Nullable Effects effects) {

  /** For listeners that are called on the dispatching thread. */
  public static Delivering inOrder() {
    return new Delivering("", null, 1, 1, null, null);
  }
}

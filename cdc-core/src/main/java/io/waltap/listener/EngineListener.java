package io.waltap.listener;

import org.jspecify.annotations.Nullable;

/**
 * Is told of the engine's life: of every state, in order, on a thread of its own that all such
 * listeners share. By then the engine may be in a later one.
 *
 * <p>{@link EngineState#SNAPSHOTTING} and {@link EngineState#STREAMING} are told before the changes
 * that come in them, which wait for the listener to return. A final state is told before {@code
 * close} and {@code awaitStopped} return, which wait for that as long as the configured {@code
 * stopTimeout}. Nothing else waits. A listener may close the engine, but must not wait for it. What
 * it throws is logged.
 */
@FunctionalInterface
public interface EngineListener {

  /**
   * The engine entered another state.
   *
   * @param from the state it left
   * @param to the state it is in
   * @param failure why, if {@code to} is {@link EngineState#FAILED} or {@link
   *     EngineState#RECONNECTING}; else null
   */
  void onState(EngineState from, EngineState to, @Nullable Throwable failure);
}

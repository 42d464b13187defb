package io.waltap.listener;

import org.jspecify.annotations.Nullable;

/**
 * Is told of the engine's life. Called on the thread that causes the change of state: return
 * quickly.
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

package io.waltap.listener;

import io.waltap.event.SlotStatus;

/**
 * Is told when the log that the server keeps for the slot grows towards its budget: time to look
 * why this engine, or another transaction, holds it up. Called on a thread of its own, which all
 * such listeners share. What it throws is logged.
 */
@FunctionalInterface
public interface SlotListener {

  /**
   * A share of the budget was passed. Told once, and again if it was freed meanwhile.
   *
   * @param percent 50 or 80
   */
  void onRetainedWal(SlotStatus slot, int percent);
}

package io.waltap.internal.engine;

import io.waltap.event.SlotStatus;
import io.waltap.listener.SlotListener;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says when the log that the server keeps for the slot passes shares of what it may come to. */
final class WalBudget {

  private static final Logger LOG = LoggerFactory.getLogger(WalBudget.class);

  private static final int[] SHARES = {50, 80};

  private final @Nullable Long bytes;
  private final List<SlotListener> listeners;
  private int told;

  /**
   * @param bytes the budget; null for the server's own limit, if it has one
   */
  WalBudget(@Nullable Long bytes, List<SlotListener> listeners) {
    this.bytes = bytes;
    this.listeners = listeners;
  }

  /** Tells of each share that was passed since the last look. */
  void look(SlotStatus slot) {
    long budget = budget(slot);
    if (budget <= 0) {
      return;
    }
    int passed = 0;
    for (int share : SHARES) {
      if (slot.retainedBytes() >= budget / 100.0 * share) {
        passed = share;
      }
    }
    if (passed > told) {
      tell(slot, passed, budget);
    }
    told = passed;
  }

  private long budget(SlotStatus slot) {
    if (bytes != null) {
      return bytes;
    }
    Long safe = slot.safeBytes();
    return safe == null ? 0 : slot.retainedBytes() + Math.max(0, safe);
  }

  private void tell(SlotStatus slot, int percent, long budget) {
    LOG.warn(
        "the server keeps {} bytes of log for the slot, over {} % of {}: {}",
        slot.retainedBytes(),
        percent,
        budget,
        "a listener is slow, or a transaction has been open for long");
    for (SlotListener listener : listeners) {
      try {
        listener.onRetainedWal(slot, percent);
      } catch (Throwable e) { // heartbeats go on all the same
        LOG.warn("a slot listener threw", e);
      }
    }
  }
}

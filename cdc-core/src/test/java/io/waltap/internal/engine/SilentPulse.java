package io.waltap.internal.engine;

import io.waltap.event.Lsn;
import io.waltap.event.SlotStatus;
import org.jspecify.annotations.Nullable;

/** Sends no heartbeats. */
final class SilentPulse implements Pulse {

  @Override
  public Reply beat(long number) {
    return new Reply(null, new SlotStatus(new Lsn(1), null, 0, "reserved", null));
  }

  @Override
  public Look look(@Nullable Integer backend) {
    return new Look(beat(0).slot(), null);
  }

  @Override
  public void close() {}
}

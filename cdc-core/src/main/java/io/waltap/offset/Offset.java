package io.waltap.offset;

import io.waltap.event.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * How far an engine has come, and what that position belongs to. An LSN means nothing on another
 * server or another slot, so it never travels alone.
 *
 * @param slot the name of the replication slot
 * @param systemIdentifier the server's identity, from {@code pg_control_system()}
 * @param lsn the end of the last transaction (or of the snapshot) of which every change was
 *     accepted by its listener; null while the first snapshot is not finished
 */
public record Offset(String slot, String systemIdentifier, @Nullable Lsn lsn) {

  /** The same with another position. */
  public Offset at(@Nullable Lsn position) {
    return new Offset(slot, systemIdentifier, position);
  }

  /** Whether the first snapshot was begun and not finished, so that it has to begin again. */
  public boolean snapshotUnfinished() {
    return lsn == null;
  }
}

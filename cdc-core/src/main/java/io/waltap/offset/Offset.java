package io.waltap.offset;

import io.waltap.event.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * How far an engine has come, and what that position belongs to. An LSN means nothing on another
 * server, another slot or another branch of a server's history, so it never travels alone.
 *
 * <p>A slot that was dropped and made anew needs no mark of its own: it is confirmed up to where it
 * was made, which lies beyond every position that was stored before.
 *
 * @param slot the name of the replication slot
 * @param systemIdentifier the server's identity, from {@code pg_control_system()}
 * @param timeline the branch of the server's history, which changes when a standby is promoted or a
 *     backup restored; null if it was stored by a version that did not know it
 * @param publication the name of the publication, which says what the server sent; null if it was
 *     stored by a version that did not know it
 * @param lsn the end of the last transaction (or of the snapshot) of which every change was
 *     accepted by its listener; null while the first snapshot is not finished
 */
public record Offset(
    String slot,
    String systemIdentifier,
    @Nullable Integer timeline,
    @Nullable String publication,
    @Nullable Lsn lsn) {

  /** Whether the first snapshot was begun and not finished, so that it has to begin again. */
  public boolean snapshotUnfinished() {
    return lsn == null;
  }

  /** The same at another position. */
  public Offset at(@Nullable Lsn position) {
    return new Offset(slot, systemIdentifier, timeline, publication, position);
  }
}

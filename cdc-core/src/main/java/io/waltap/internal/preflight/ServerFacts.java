package io.waltap.internal.preflight;

import io.waltap.event.Lsn;
import org.jspecify.annotations.Nullable;

/**
 * What the checks learned about the server, for whoever decides between a snapshot and a resume.
 *
 * @param systemIdentifier the server's identity; a stored position means nothing on another one
 * @param serverVersion the major version, for example 18
 * @param timeline the branch of the server's history that it writes, or, as a standby, replays
 * @param current the end of its log; null on a standby, where it may fall back for a moment
 * @param slot the engine's replication slot; null if it does not exist yet
 */
public record ServerFacts(
    String systemIdentifier,
    int serverVersion,
    int timeline,
    @Nullable Lsn current,
    @Nullable Slot slot) {

  /**
   * A replication slot as {@code pg_replication_slots} shows it.
   *
   * @param active whether a process holds it
   * @param activePid that process; null if there is none
   * @param confirmedFlush up to where the server was told that changes were received; null for a
   *     slot that never had a position or is not logical
   * @param restart from where the server keeps its log for the slot; null if it keeps none
   * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; null
   *     if nothing was ever reserved
   */
  public record Slot(
      boolean active,
      @Nullable Integer activePid,
      @Nullable Lsn confirmedFlush,
      @Nullable Lsn restart,
      @Nullable String walStatus) {

    /** Whether the server has given the slot up, for whatever reason. */
    public boolean lost() {
      return "lost".equals(walStatus);
    }
  }
}

package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.internal.preflight.ServerFacts.Slot;
import io.waltap.offset.Offset;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether a stored position can be resumed on a server. Tells two kinds of findings apart: those
 * that look like a mistake in the configuration, and positions that are right but lost.
 */
final class ResumeCheck {

  private static final Logger LOG = LoggerFactory.getLogger(ResumeCheck.class);

  private final CdcConfig config;
  private final ServerFacts server;
  private final String store;
  private final Timelines.History history;

  ResumeCheck(CdcConfig config, ServerFacts server, String store, Timelines.History history) {
    this.config = config;
    this.server = server;
    this.store = store;
    this.history = history;
  }

  /** What the store belongs to and this engine does not; null if they fit. */
  @Nullable Problem mistake(Offset stored) {
    if (!stored.slot().equals(config.slot())) {
      return new Problem(
          Code.WRONG_SLOT,
          "%s belongs to the replication slot \"%s\", not to \"%s\"."
              .formatted(store, stored.slot(), config.slot()),
          "Use another offset file for each slot, or set slot(\"%s\").".formatted(stored.slot()));
    }
    if (!stored.systemIdentifier().equals(server.systemIdentifier())) {
      return new Problem(
          Code.WRONG_SERVER,
          "%s belongs to another PostgreSQL server (system identifier %s, this one has %s)."
              .formatted(store, stored.systemIdentifier(), server.systemIdentifier()),
          "Check the URL, or use another offset file for this server.");
    }
    String publication = stored.publication();
    if (publication != null && !publication.equals(config.publication())) {
      return new Problem(
          Code.WRONG_PUBLICATION,
          "%s belongs to the publication \"%s\", not to \"%s\", which may hold other changes."
              .formatted(store, publication, config.publication()),
          "Set publication(\"%s\"), or begin again with a fresh snapshot: %s"
              .formatted(publication, beginAgain()));
    }
    Integer timeline = stored.timeline();
    if (timeline != null && timeline > server.timeline()) {
      return new Problem(
          Code.WRONG_TIMELINE,
          "%s belongs to timeline %d, but the server is still on timeline %d: it is not the one that was promoted since, or was restored from a backup."
              .formatted(store, timeline, server.timeline()),
          "Connect to the server that was promoted last, or begin again with a fresh snapshot: "
              + beginAgain());
    }
    return null;
  }

  /** That there is a slot and no position for it. */
  Problem unknown() {
    return new Problem(
        Code.POSITION_MISSING,
        "The replication slot \"%s\" exists, but %s holds no position for it, so it is unknown what was delivered."
            .formatted(config.slot(), store),
        "Give the engine the offset store that belongs to the slot, or begin again with a fresh snapshot: "
            + drop());
  }

  /** What keeps the position from being resumed; null if nothing does. */
  @Nullable Problem obstacle(Offset stored, Lsn lsn) {
    Integer timeline = stored.timeline();
    Problem branched =
        timeline == null || timeline == server.timeline() ? null : branched(timeline, lsn);
    return branched != null ? branched : gap(lsn);
  }

  private @Nullable Problem branched(int timeline, Lsn lsn) {
    List<Timelines.Fork> forks;
    try {
      forks = history.before(server.timeline());
    } catch (SQLException e) {
      return new Problem(
          Code.WRONG_TIMELINE,
          "%s belongs to timeline %d, the server is on timeline %d and does not tell where it left the other: %s."
              .formatted(store, timeline, server.timeline(), ConnectionCheck.said(e, config)),
          "Make sure that the server has its file pg_wal/%08X.history, or begin again with a fresh snapshot: %s"
              .formatted(server.timeline(), beginAgain()));
    }
    Lsn end = Timelines.endOf(timeline, forks);
    if (end == null) {
      return new Problem(
          Code.WRONG_TIMELINE,
          "%s belongs to timeline %d, which this server, on timeline %d, never was on: it was restored from a backup older than that."
              .formatted(store, timeline, server.timeline()),
          "Check the URL, or begin again with a fresh snapshot: " + beginAgain());
    }
    if (lsn.compareTo(end) > 0) {
      return new Problem(
          Code.WRONG_TIMELINE,
          "%s stands at %s on timeline %d, but the server left that timeline at %s, when it was promoted or restored: some of what was delivered never happened here, and what was committed here between the two positions is not delivered."
              .formatted(store, lsn, timeline, end),
          "Compare what you have from after %s with the server, or begin again with a fresh snapshot: %s"
              .formatted(end, beginAgain()));
    }
    LOG.info(
        "The server was promoted from timeline {} at {}; {} stands before that, at {}, so nothing"
            + " is missed.",
        timeline,
        end,
        store,
        lsn);
    return null;
  }

  private @Nullable Problem gap(Lsn lsn) {
    Slot slot = server.slot();
    if (slot == null) {
      return new Problem(
          Code.SLOT_MISSING,
          "The replication slot \"%s\" is gone; changes since %s, where %s stands, are lost to it."
              .formatted(config.slot(), lsn, store),
          "Begin again with a fresh snapshot: remove %s.".formatted(store));
    }
    if (slot.lost()) {
      return new Problem(
          Code.SLOT_LOST,
          "The replication slot \"%s\" was invalidated by the server; changes since %s, where %s stands, are lost to it."
              .formatted(config.slot(), lsn, store),
          "Begin again with a fresh snapshot: " + beginAgain());
    }
    Lsn confirmed = slot.confirmedFlush();
    if (confirmed != null && lsn.compareTo(confirmed) < 0) {
      return new Problem(
          Code.GAP,
          "%s stands at %s, but the replication slot \"%s\" was confirmed up to %s: changes between are lost to it."
              .formatted(store, lsn, config.slot(), confirmed),
          "Restore the newer offset, or begin again with a fresh snapshot: " + beginAgain());
    }
    Lsn current = server.current();
    if (current != null && lsn.compareTo(current) > 0) {
      return new Problem(
          Code.POSITION_AHEAD,
          "%s stands at %s, but the server's log ends at %s: the server was restored from a backup, and what was committed since then would be skipped."
              .formatted(store, lsn, current),
          "Check the URL, or begin again with a fresh snapshot: " + beginAgain());
    }
    return null;
  }

  private String beginAgain() {
    return server.slot() == null
        ? "remove %s.".formatted(store)
        : "remove %s and run %s".formatted(store, drop());
  }

  private String drop() {
    return "SELECT pg_drop_replication_slot('%s');".formatted(config.slot());
  }
}

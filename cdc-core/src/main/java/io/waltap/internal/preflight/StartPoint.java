package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.internal.preflight.ServerFacts.Slot;
import io.waltap.offset.Offset;
import io.waltap.preflight.Problem;
import io.waltap.preflight.Problem.Code;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine begins, from what its store and its slot say. Refuses whatever would skip a
 * change or repeat a snapshot without being asked to.
 *
 * @param offset where; without a position for a first start
 * @param dropSlot whether the slot of a snapshot that was not finished has to go first, so that the
 *     new snapshot begins where a new slot does
 */
public record StartPoint(Offset offset, boolean dropSlot) {

  /**
   * Decides, or reports why it cannot.
   *
   * @param storeName how people know the store
   */
  public static @Nullable StartPoint decide(
      CdcConfig config,
      Optional<Offset> stored,
      ServerFacts server,
      String storeName,
      Consumer<Problem> problems) {
    Slot slot = server.slot();
    Offset fresh = new Offset(config.slot(), server.systemIdentifier(), null);
    if (stored.isEmpty()) {
      return first(config, slot, fresh, storeName, problems);
    }
    Offset offset = stored.get();
    Problem mismatch = mismatch(config, offset, server, storeName);
    if (mismatch != null) {
      problems.accept(mismatch);
      return null;
    }
    return offset.snapshotUnfinished()
        ? new StartPoint(fresh, slot != null && config.snapshotMode() == SnapshotMode.INITIAL)
        : new StartPoint(offset, false);
  }

  private static @Nullable StartPoint first(
      CdcConfig config,
      @Nullable Slot slot,
      Offset fresh,
      String storeName,
      Consumer<Problem> problems) {
    if (slot == null || config.snapshotMode() == SnapshotMode.NEVER) {
      return new StartPoint(fresh, false);
    }
    problems.accept(
        new Problem(
            Code.POSITION_MISSING,
            "The replication slot \"%s\" exists, but %s holds no position for it, so it is unknown what was delivered."
                .formatted(config.slot(), storeName),
            "Give the engine the offset store that belongs to the slot, or begin again with a fresh snapshot: "
                + drop(config)));
    return null;
  }

  private static @Nullable Problem mismatch(
      CdcConfig config, Offset offset, ServerFacts server, String storeName) {
    if (!offset.slot().equals(config.slot())) {
      return new Problem(
          Code.WRONG_SLOT,
          "%s belongs to the replication slot \"%s\", not to \"%s\"."
              .formatted(storeName, offset.slot(), config.slot()),
          "Use another offset file for each slot, or set slot(\"%s\").".formatted(offset.slot()));
    }
    if (!offset.systemIdentifier().equals(server.systemIdentifier())) {
      return new Problem(
          Code.WRONG_SERVER,
          "%s belongs to another PostgreSQL server (system identifier %s, this one has %s)."
              .formatted(storeName, offset.systemIdentifier(), server.systemIdentifier()),
          "Check the URL, or use another offset file for this server.");
    }
    Lsn lsn = offset.lsn();
    return lsn == null ? null : gap(config, lsn, server.slot(), storeName);
  }

  private static @Nullable Problem gap(
      CdcConfig config, Lsn lsn, @Nullable Slot slot, String storeName) {
    if (slot == null) {
      return new Problem(
          Code.SLOT_MISSING,
          "The replication slot \"%s\" is gone; changes since %s, where %s stands, are lost to it."
              .formatted(config.slot(), lsn, storeName),
          "Begin again with a fresh snapshot: remove %s.".formatted(storeName));
    }
    Lsn confirmed = slot.confirmedFlush();
    if (confirmed != null && lsn.compareTo(confirmed) < 0) {
      return new Problem(
          Code.GAP,
          "%s stands at %s, but the replication slot \"%s\" was confirmed up to %s: changes between are lost to it."
              .formatted(storeName, lsn, config.slot(), confirmed),
          "Restore the newer offset, or begin again with a fresh snapshot: remove %s and run %s"
              .formatted(storeName, drop(config)));
    }
    return null;
  }

  private static String drop(CdcConfig config) {
    return "SELECT pg_drop_replication_slot('%s');".formatted(config.slot());
  }
}

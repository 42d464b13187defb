package io.waltap.internal.preflight;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.event.Lsn;
import io.waltap.offset.Offset;
import io.waltap.preflight.Problem;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where an engine begins, from what its store and its slot say. Refuses whatever would skip a
 * change or repeat a snapshot without being asked to.
 *
 * @param offset where; without a position for a first start
 * @param dropSlot whether a slot that exists has to go first, so that the new snapshot begins where
 *     a new slot does
 */
public record StartPoint(Offset offset, boolean dropSlot) {

  private static final Logger LOG = LoggerFactory.getLogger(StartPoint.class);

  /**
   * Decides, or reports why it cannot. Asks the server only if it was promoted since the position
   * was stored.
   *
   * @param storeName how people know the store
   */
  public static @Nullable StartPoint decide(
      CdcConfig config,
      Optional<Offset> stored,
      ServerFacts server,
      String storeName,
      Consumer<Problem> problems) {
    return decide(
        config,
        stored,
        server,
        storeName,
        timeline -> Timelines.before(timeline, config),
        problems);
  }

  static @Nullable StartPoint decide(
      CdcConfig config,
      Optional<Offset> stored,
      ServerFacts server,
      String storeName,
      Timelines.History history,
      Consumer<Problem> problems) {
    Offset here =
        new Offset(
            config.slot(),
            server.systemIdentifier(),
            server.timeline(),
            config.publication(),
            null);
    ResumeCheck check = new ResumeCheck(config, server, storeName, history);
    Problem mistake = stored.map(check::mistake).orElse(null);
    if (mistake != null) {
      problems.accept(mistake);
      return null;
    }
    Lsn position = stored.map(Offset::lsn).orElse(null);
    if (position == null && (stored.isPresent() || startsAnywhere(config, server))) {
      return anew(config, here, server, stored.isPresent());
    }
    Problem obstacle = position == null ? check.unknown() : check.obstacle(stored.get(), position);
    if (obstacle == null) {
      return new StartPoint(position == null ? here : here.at(position), false);
    }
    if (config.snapshotMode() == SnapshotMode.WHEN_NEEDED) {
      LOG.warn("{} Beginning again with a fresh snapshot, as snapshotMode says.", obstacle.what());
      return anew(config, here, server, true);
    }
    problems.accept(obstacle);
    return null;
  }

  /** Without a stored position: whether there is nothing that it would have to fit. */
  private static boolean startsAnywhere(CdcConfig config, ServerFacts server) {
    return server.slot() == null || config.snapshotMode() == SnapshotMode.NEVER;
  }

  private static StartPoint anew(CdcConfig config, Offset here, ServerFacts server, boolean again) {
    boolean reads = config.snapshotMode() != SnapshotMode.NEVER;
    return new StartPoint(here, again && reads && server.slot() != null);
  }
}

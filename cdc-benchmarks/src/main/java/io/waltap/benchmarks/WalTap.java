package io.waltap.benchmarks;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.offset.OffsetStore;
import java.util.function.Function;

/**
 * WalTap with its defaults.
 *
 * @param door how it is listened to
 * @param store makes what keeps the position
 */
record WalTap(String name, Door door, Function<Feed, OffsetStore> store) implements Candidate {

  /** Names the listener of a table. */
  interface Door {

    /**
     * Adds it to an engine that is being built.
     *
     * @param arrivals is told of each change
     */
    void listen(CdcEngine.Builder engine, WorkTable<?> table, Arrivals arrivals);
  }

  /** With the position in memory. */
  WalTap(String name, Door door) {
    this(name, door, feed -> new InMemoryOffsetStore());
  }

  @Override
  public void receive(Feed feed, Arrivals arrivals) throws Exception {
    CdcEngine.Builder builder = CdcEngine.builder(config(feed)).offsets(store.apply(feed));
    feed.tables().forEach(table -> door.listen(builder, table, arrivals));
    try (CdcEngine engine = builder.start()) {
      arrivals.await();
      if (engine.failure().isPresent()) {
        throw engine.failure().get();
      }
    }
  }

  private static CdcConfig config(Feed feed) {
    return CdcConfig.builder()
        .url(feed.url())
        .user(BenchmarkServer.USER)
        .password(BenchmarkServer.PASSWORD)
        .name(feed.slot())
        .slot(feed.slot())
        .publication(BenchmarkServer.PUBLICATION)
        .snapshotMode(feed.snapshot() ? SnapshotMode.INITIAL : SnapshotMode.NEVER)
        .build();
  }
}

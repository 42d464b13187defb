package io.waltap.benchmarks;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.util.function.Function;

/**
 * WalTap with its defaults.
 *
 * @param form what the rows of a table are delivered as
 */
record WalTap(String name, Function<WorkTable<?>, Table<?>> form) implements Candidate {

  @Override
  public void receive(Feed feed, Arrivals arrivals) throws Exception {
    CdcEngine.Builder builder = CdcEngine.builder(config(feed)).offsets(new InMemoryOffsetStore());
    feed.tables().forEach(table -> builder.listen(form.apply(table), arrivals::row));
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

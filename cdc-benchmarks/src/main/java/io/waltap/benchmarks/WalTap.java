package io.waltap.benchmarks;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;

/**
 * WalTap with its defaults.
 *
 * @param table what rows are delivered as
 */
record WalTap<T>(String name, Table<T> table) implements Candidate {

  @Override
  public void receive(BenchmarkServer server, String slot, Arrivals arrivals) throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .url(server.url())
            .user(BenchmarkServer.USER)
            .password(BenchmarkServer.PASSWORD)
            .name(slot)
            .slot(slot)
            .publication(BenchmarkServer.PUBLICATION)
            .snapshotMode(SnapshotMode.NEVER)
            .build();
    try (CdcEngine engine =
        CdcEngine.builder(config)
            .listen(table, change -> arrivals.row())
            .offsets(new InMemoryOffsetStore())
            .start()) {
      arrivals.await();
      if (engine.failure().isPresent()) {
        throw engine.failure().get();
      }
    }
  }
}

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
  public void receive(BenchmarkServer server, String slot, RowClock clock) throws Exception {
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
            .listen(table, change -> clock.row())
            .offsets(new InMemoryOffsetStore())
            .start()) {
      clock.await();
      if (engine.failure().isPresent()) {
        throw engine.failure().get();
      }
    }
  }
}

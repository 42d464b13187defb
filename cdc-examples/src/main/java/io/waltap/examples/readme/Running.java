package io.waltap.examples.readme;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.JdbcOffsetStore;
import io.waltap.offset.OffsetStore;
import javax.sql.DataSource;

final class Running {

  private Running() {}

  static CdcEngine watched(CdcConfig config, ChangeListener<Row> listener)
      throws InterruptedException {
    // readme: watching an engine
    return CdcEngine.builder(config)
        .listenAll(listener)
        .onState((from, to, failure) -> System.out.println(from + " -> " + to))
        .onRetainedWal((slot, percent) -> System.out.println(percent + " % of " + slot))
        .start();
    // readme: end
  }

  static OffsetStore table(DataSource dataSource) {
    // readme: the position in a table
    return JdbcOffsetStore.builder(dataSource::getConnection, "payments").createTable().build();
    // readme: end
  }
}

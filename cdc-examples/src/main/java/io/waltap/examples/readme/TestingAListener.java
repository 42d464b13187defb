package io.waltap.examples.readme;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;

final class TestingAListener {

  private TestingAListener() {}

  static boolean isAccepted(CdcConfig config, ChangeListener<Row> listener, Connection db)
      throws Exception {
    // readme: testing
    try (CdcEngine engine =
            CdcEngine.builder(config)
                .offsets(new InMemoryOffsetStore())
                .listen(Table.of("public.transactions"), listener)
                .start();
        Statement sql = db.createStatement()) {
      sql.execute("INSERT INTO transactions (transaction_id, amount) VALUES ('t-1', 12.50)");
      try (ResultSet now = sql.executeQuery("SELECT pg_current_wal_lsn()")) {
        now.next();
        return engine.awaitProcessed(Lsn.parse(now.getString(1)), Duration.ofSeconds(10));
      }
    }
    // readme: end
  }
}

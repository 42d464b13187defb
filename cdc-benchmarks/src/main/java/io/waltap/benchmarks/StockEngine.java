package io.waltap.benchmarks;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.SerializationFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The stock Debezium engine with its defaults, used in the way that is fastest for it: whole
 * batches, each record marked, offsets kept in memory and flushed once a minute.
 *
 * @param format what values are delivered as
 */
record StockEngine<T>(String name, Class<? extends SerializationFormat<T>> format)
    implements Candidate {

  @Override
  public void receive(Feed feed, Arrivals arrivals) throws Exception {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try (DebeziumEngine<ChangeEvent<T, T>> engine =
        DebeziumEngine.create(format)
            .using(properties(feed))
            .notifying((batch, committer) -> count(batch, committer, arrivals))
            .build()) {
      executor.execute(engine);
      arrivals.await();
    } finally {
      executor.shutdown();
      executor.awaitTermination(1, TimeUnit.MINUTES);
    }
  }

  private static <T> void count(
      List<ChangeEvent<T, T>> batch,
      DebeziumEngine.RecordCommitter<ChangeEvent<T, T>> committer,
      Arrivals arrivals)
      throws InterruptedException {
    for (ChangeEvent<T, T> event : batch) {
      if (event.value() != null) {
        arrivals.row(event.value());
      }
      committer.markProcessed(event);
    }
    committer.markBatchFinished();
  }

  private static Properties properties(Feed feed) {
    Properties p = new Properties();
    p.setProperty("name", feed.slot());
    p.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    p.setProperty("topic.prefix", "stock");
    p.setProperty("database.hostname", "localhost");
    p.setProperty("database.port", Integer.toString(feed.port()));
    p.setProperty("database.dbname", BenchmarkServer.DATABASE);
    p.setProperty("database.user", BenchmarkServer.USER);
    p.setProperty("database.password", BenchmarkServer.PASSWORD);
    p.setProperty("plugin.name", "pgoutput");
    p.setProperty("slot.name", feed.slot());
    p.setProperty("publication.name", BenchmarkServer.PUBLICATION);
    // WalTap's heartbeats are messages in the same database, and no rows.
    p.setProperty("message.prefix.exclude.list", "waltap.*");
    p.setProperty("publication.autocreate.mode", "disabled");
    p.setProperty("table.include.list", feed.pattern());
    p.setProperty("snapshot.mode", feed.snapshot() ? "initial" : "no_data");
    p.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    return p;
  }
}

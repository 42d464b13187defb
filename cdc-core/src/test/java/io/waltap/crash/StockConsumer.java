package io.waltap.crash;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.FileOffsetBackingStore;

/**
 * The same consumer on the stock engine, used as its manual says: each record is marked when it is
 * done, offsets are flushed with every batch. It is here to prove that the test bites.
 */
final class StockConsumer {

  private StockConsumer() {}

  /** URL, user, password, slot, folder, after how many rows to die (0: never). */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[4]);
    Delivered delivered = new Delivered(folder.resolve("delivered"), Integer.parseInt(args[5]));
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        DebeziumEngine.create(ChangeEventFormat.of(Connect.class))
            .using(properties(args, folder))
            .using(
                new DebeziumEngine.ConnectorCallback() {
                  @Override
                  public void pollingStarted() {
                    System.out.println("STREAMING");
                  }
                })
            .notifying(consumer(delivered))
            .build();
    Thread thread = new Thread(engine, "stock");
    thread.start();
    while (System.in.read() >= 0) {
      // until the parent closes it
    }
    engine.close();
    thread.join();
  }

  private static DebeziumEngine.ChangeConsumer<RecordChangeEvent<SourceRecord>> consumer(
      Delivered delivered) {
    return new DebeziumEngine.ChangeConsumer<>() {
      @Override
      public void handleBatch(
          List<RecordChangeEvent<SourceRecord>> records,
          DebeziumEngine.RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
          throws InterruptedException {
        for (RecordChangeEvent<SourceRecord> record : records) {
          add(delivered, record.record());
          committer.markProcessed(record);
          committer.markBatchFinished();
        }
      }
    };
  }

  private static void add(Delivered delivered, SourceRecord record) {
    try {
      delivered.add(((Struct) record.value()).getStruct("after").get("id").toString());
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Properties properties(String[] args, Path folder) {
    URI uri = URI.create(args[0].substring("jdbc:".length()));
    Properties p = new Properties();
    p.setProperty("name", "stock");
    p.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    p.setProperty("topic.prefix", "stock");
    p.setProperty("database.hostname", uri.getHost());
    p.setProperty("database.port", Integer.toString(uri.getPort()));
    p.setProperty("database.dbname", uri.getPath().substring(1));
    p.setProperty("database.user", args[1]);
    p.setProperty("database.password", args[2]);
    p.setProperty("plugin.name", "pgoutput");
    p.setProperty("slot.name", args[3]);
    p.setProperty("publication.name", "waltap");
    p.setProperty("publication.autocreate.mode", "disabled");
    p.setProperty("table.include.list", "public.item");
    p.setProperty("offset.storage", FileOffsetBackingStore.class.getName());
    p.setProperty("offset.storage.file.filename", folder.resolve("offset").toString());
    p.setProperty("offset.flush.interval.ms", "0");
    return p;
  }
}

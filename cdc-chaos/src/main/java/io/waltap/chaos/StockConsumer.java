package io.waltap.chaos;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.format.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The same task for the stock engine, used as its manual says: each record is marked when it is
 * done, offsets are flushed with every batch. Writes down the keys of {@code chaos.event} that it
 * was given. It is here to prove that the campaign bites.
 */
final class StockConsumer {

  private static final Pattern KEY = Pattern.compile("\\{\"writer\":(\\d+),\"seq\":(\\d+)}");

  private final FileChannel file;

  private StockConsumer(FileChannel file) {
    this.file = file;
  }

  /** URL, user, password, slot, folder. */
  public static void main(String[] args) throws Exception {
    ParentWatch.start();
    ConsumerFiles files = new ConsumerFiles(Path.of(args[4]));
    CountDownLatch ended = new CountDownLatch(1);
    try (FileChannel file = WholeLines.open(files.keys());
        DebeziumEngine<ChangeEvent<String, String>> engine =
            DebeziumEngine.create(Json.class)
                .using(properties(args, files))
                .using(callback())
                .using((success, message, error) -> ended.countDown())
                .notifying(new StockConsumer(file).consumer())
                .build()) {
      Thread thread = new Thread(engine, "stock");
      thread.setDaemon(true);
      thread.start();
      ended.await();
    }
    System.exit(Consumer.FAILED);
  }

  private static DebeziumEngine.ConnectorCallback callback() {
    return new DebeziumEngine.ConnectorCallback() {
      @Override
      public void pollingStarted() {
        System.out.println(Consumer.STATE + "STREAMING");
      }
    };
  }

  private ChangeConsumer<ChangeEvent<String, String>> consumer() {
    return new ChangeConsumer<>() {
      @Override
      public void handleBatch(
          List<ChangeEvent<String, String>> records,
          RecordCommitter<ChangeEvent<String, String>> committer)
          throws InterruptedException {
        for (ChangeEvent<String, String> record : records) {
          note(record);
          committer.markProcessed(record);
          committer.markBatchFinished();
        }
      }
    };
  }

  private void note(ChangeEvent<String, String> record) {
    Matcher key = KEY.matcher(record.key() == null ? "" : record.key());
    if (record.destination().endsWith(".event") && key.matches()) {
      String line = key.group(1) + " " + key.group(2) + "\n";
      try {
        file.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static Properties properties(String[] args, ConsumerFiles files) {
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
    p.setProperty("offset.storage", "org.apache.kafka.connect.storage.FileOffsetBackingStore");
    p.setProperty("offset.storage.file.filename", files.offset().toString());
    p.setProperty("key.converter.schemas.enable", "false");
    p.setProperty("snapshot.mode", "no_data"); // a snapshot taken again would hide what was lost
    p.setProperty("offset.flush.interval.ms", "0");
    return p;
  }
}

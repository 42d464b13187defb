package io.waltap.crash;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.table.Table;
import java.nio.file.Path;
import java.time.Duration;

/** A consumer in a process of its own; ends when its input is closed. */
final class WalTapConsumer {

  private WalTapConsumer() {}

  /** URL, user, password, slot, folder, after how many rows to die (0: never). */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[4]);
    Delivered delivered = new Delivered(folder.resolve("delivered"), Integer.parseInt(args[5]));
    CdcConfig config =
        CdcConfig.builder()
            .url(args[0])
            .user(args[1])
            .password(args[2])
            .slot(args[3])
            .offsetFile(folder.resolve("offset"))
            .build();
    Table<Row> table = Table.of("public.item");
    ChangeListener<Row> listener =
        event -> delivered.add(((Insert<Row>) event).after().getInteger("id") + "");
    try (CdcEngine engine = CdcEngine.builder(config).listen(table, listener).start()) {
      engine.awaitStreaming(Duration.ofSeconds(30));
      System.out.println("STREAMING");
      while (System.in.read() >= 0) {
        // until the parent closes it
      }
    }
  }
}

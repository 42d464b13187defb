package io.waltap.crash;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.table.Table;
import java.nio.file.Path;
import java.time.Duration;

/** Prints the id of every row that it is given; ends when its input is closed. */
final class SnapshotConsumer {

  record Item(int id) {}

  private SnapshotConsumer() {}

  /** URL, user, password, slot, folder. */
  public static void main(String[] args) throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .url(args[0])
            .user(args[1])
            .password(args[2])
            .slot(args[3])
            .offsetFile(Path.of(args[4], "offset"))
            .build();
    try (CdcEngine engine =
        CdcEngine.builder(config)
            .listen(
                Table.of("public.item", Item.class),
                event ->
                    System.out.println(
                        switch (event.operation()) {
                          case READ -> ((Read<Item>) event).after().id();
                          case INSERT -> ((Insert<Item>) event).after().id();
                          case UPDATE, DELETE, TRUNCATE -> event.toString();
                        }))
            .start()) {
      engine.awaitStreaming(Duration.ofSeconds(30));
      System.out.println("STREAMING");
      while (System.in.read() >= 0) {
        // until the parent closes it
      }
    }
  }
}

package io.waltap.crash;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.Row;
import io.waltap.table.Table;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A consumer in a process of its own that has its changes delivered in another way than singly. */
final class DeliveryConsumer {

  private static final Table<Row> ITEMS = Table.of("public.item");

  private DeliveryConsumer() {}

  /** URL, user, password, slot, folder, in which way and after how many rows to die (0: never). */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[4]);
    String[] what = args[5].split(" ", 2);
    Delivered delivered = new Delivered(folder.resolve("delivered"), Integer.parseInt(what[1]));
    CdcConfig config =
        CdcConfig.builder()
            .url(args[0])
            .user(args[1])
            .password(args[2])
            .slot(args[3])
            .offsetFile(folder.resolve("offset"))
            .build();
    try (CdcEngine engine = listening(CdcEngine.builder(config), what[0], delivered).start()) {
      engine.awaitStreaming(Duration.ofSeconds(30));
      System.out.println("STREAMING");
      while (System.in.read() >= 0) {
        // until the parent closes it
      }
    }
  }

  private static CdcEngine.Builder listening(
      CdcEngine.Builder builder, String way, Delivered delivered) {
    return switch (way) {
      case "workers" -> builder.listen(ITEMS, change -> add(delivered, List.of(change))).workers(4);
      case "batches" ->
          builder
              .listenInBatches(ITEMS, changes -> add(delivered, changes))
              .batches(50, Duration.ofMillis(10));
      case "transactions" ->
          builder
              .onTransaction(transaction -> add(delivered, transaction.changes()), ITEMS)
              .pieces(50);
      default -> throw new IllegalArgumentException(way);
    };
  }

  private static void add(Delivered delivered, List<? extends ChangeEvent<?>> changes)
      throws IOException {
    synchronized (delivered) {
      for (ChangeEvent<?> change : changes) {
        delivered.add(String.valueOf(((Insert<?>) change).key().getString("id")));
      }
    }
  }
}

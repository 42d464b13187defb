package io.waltap.crash;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.event.ChangeEvent;
import io.waltap.event.ChangeEvent.Delete;
import io.waltap.event.ChangeEvent.Insert;
import io.waltap.event.ChangeEvent.Read;
import io.waltap.event.ChangeEvent.Update;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.table.Table;
import java.io.IOException;
import java.io.Reader;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A consumer of documents that says what it sees, and how its engine ended; ends when its input is
 * closed.
 */
final class SmallHeapConsumer {

  /** Counts, and says so now and then. */
  static final String COUNT = "count";

  /** Reads each body bit by bit. */
  static final String READ = "read";

  /** Has each body as a {@code String}. */
  static final String RECORD = "record";

  /** Takes a second for each change, and says how full the heap is. */
  static final String SLOW = "slow";

  static final int NOW_AND_THEN = 1_000_000;

  record Document(int id, @Nullable String body) {}

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static int count;

  private SmallHeapConsumer() {}

  /** URL, user, password, slot, folder, what to do. */
  public static void main(String[] args) throws Exception {
    CdcConfig config =
        CdcConfig.builder()
            .url(args[0])
            .user(args[1])
            .password(args[2])
            .slot(args[3])
            .offsetFile(Path.of(args[4], "offset"))
            .stopTimeout(SECOND)
            .build();
    CompletableFuture<CdcEngine> started = new CompletableFuture<>();
    CdcEngine.Builder builder = CdcEngine.builder(config);
    if (args[5].equals(RECORD)) {
      builder.listen(
          Table.of("public.document", Document.class),
          event -> say(event.operation() + " as a record"));
    } else {
      builder.listen(
          Table.of("public.document"),
          event -> {
            switch (args[5]) {
              case COUNT -> count();
              case READ -> say(event.operation() + images(event));
              default -> beSlow(started.join());
            }
          });
    }
    try (CdcEngine engine = builder.start()) {
      started.complete(engine);
      engine.awaitStreaming(Duration.ofMinutes(1));
      say("STREAMING");
      Thread end = new Thread(() -> sayHowItEnds(engine));
      end.setDaemon(true);
      end.start();
      while (System.in.read() >= 0) {
        // until the parent closes it
      }
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void sayHowItEnds(CdcEngine engine) {
    try {
      engine.awaitStopped();
      say("STOPPED");
    } catch (Exception e) {
      say(engine.state() + " " + String.valueOf(e.getMessage()).replace('\n', ' '));
    }
  }

  private static void count() {
    if (++count % NOW_AND_THEN == 0) {
      say("COUNTED " + count);
    }
  }

  private static void beSlow(CdcEngine engine) throws InterruptedException {
    engine.awaitProcessed(new Lsn(Long.MAX_VALUE), SECOND); // in vain
    System.gc();
    long used = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    say("USED " + (used >> 20));
  }

  private static String images(ChangeEvent<Row> event) throws IOException {
    if (event instanceof Read<Row> read) {
      return image(read.after());
    } else if (event instanceof Insert<Row> insert) {
      return image(insert.after());
    } else if (event instanceof Update<Row> update) {
      return image(update.before()) + " ->" + image(update.after());
    } else if (event instanceof Delete<Row> delete) {
      return image(delete.before());
    }
    return "";
  }

  /** How long the body is, and of which letter. */
  private static String image(@Nullable Row row) throws IOException {
    if (row == null) {
      return " none";
    }
    try (Reader body = Objects.requireNonNull(row.getReader("body"))) {
      char[] piece = new char[8192];
      long letters = 0;
      char last = '?';
      for (int read = body.read(piece); read >= 0; read = body.read(piece)) {
        letters += read;
        last = piece[read - 1];
      }
      return " " + letters + last;
    }
  }
}

package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.config.CdcConfig;
import io.waltap.event.Row;
import io.waltap.listener.EngineState;
import io.waltap.offset.InMemoryOffsetStore;
import io.waltap.table.Table;
import io.waltap.testing.Await;
import io.waltap.testing.PostgresServer;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * The kernel itself says which connections it watches over, and for how long at most until it asks
 * whether the other end is there. On a server of our own, since the port that the server sees has
 * to be the one that is used here.
 */
@EnabledOnOs(OS.LINUX)
class KeepAliveIT {

  /** Hundredths of a second. */
  private static final long TEN_SECONDS = 1000;

  private static final String KEEP_ALIVE = "02";

  private static final PostgresServer SERVER = PostgresServer.embedded(PostgresServer.SETTINGS);

  /** The kernel's timers of connections to the server, by the port at this end. */
  private static Map<Integer, String> timers() {
    String to = "%04X".formatted(SERVER.port());
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(file -> lines(Path.of(file)))
        .map(line -> line.strip().split("\\s+"))
        .filter(words -> words[2].endsWith(":" + to))
        .collect(Collectors.toMap(words -> port(words[1]), words -> words[5], (a, b) -> b));
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream().skip(1);
    } catch (IOException e) {
      return Stream.of();
    }
  }

  private static int port(String address) {
    return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
  }

  /** A timer is its kind and, after a colon, when it runs out. */
  private static boolean isWatched(String timer) {
    String[] parts = timer.split(":", 2);
    return parts[0].equals(KEEP_ALIVE) && Long.parseLong(parts[1], 16) <= TEN_SECONDS;
  }

  private static void assertAllWatched(TestDatabase database, int atLeast) {
    String ports =
        "SELECT client_port FROM pg_stat_activity"
            + " WHERE application_name = 'WalTap waltap' AND datname = current_database()";
    Await.until(
        "the kernel watches over all connections",
        () -> {
          Map<Integer, String> timers = timers();
          List<Integer> ours = database.column(ports).stream().map(Integer::valueOf).toList();
          return ours.size() >= atLeast
              && ours.stream().allMatch(p -> isWatched(timers.getOrDefault(p, "00:0")));
        });
  }

  @Test
  void everyConnectionIsWatchedOver() throws Exception {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch proceed = new CountDownLatch(1);
    try (TestDatabase database = TestDatabase.createOn(SERVER)) {
      database.execute(
          "CREATE TABLE item (id int PRIMARY KEY)",
          "INSERT INTO item SELECT generate_series(1, 30000)",
          "CREATE PUBLICATION waltap FOR TABLE item");
      CdcConfig config =
          CdcConfig.builder()
              .url(database.url())
              .user(database.user())
              .password(database.password())
              .slot(database.name())
              .build();
      Table<Row> items = Table.of("public.item");
      CdcEngine engine =
          CdcEngine.builder(config)
              .listen(
                  items,
                  change -> {
                    inside.countDown();
                    proceed.await();
                  })
              .offsets(new InMemoryOffsetStore())
              .start();
      try (engine) {
        inside.await();
        assertThat(engine.state()).isEqualTo(EngineState.SNAPSHOTTING);
        assertAllWatched(database, 3); // slot, snapshot, catalog
        proceed.countDown();
        assertThat(engine.awaitStreaming(Duration.ofSeconds(30))).isTrue();
        Await.until("a heartbeat was sent", () -> engine.status().slot() != null);
        assertAllWatched(database, 3); // stream, heartbeat, catalog
      } finally {
        proceed.countDown();
      }
    }
  }
}

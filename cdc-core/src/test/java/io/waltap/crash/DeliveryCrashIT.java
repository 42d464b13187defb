package io.waltap.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.waltap.testing.Await;
import io.waltap.testing.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A process that is halted while workers, batches or transactions are under way. */
class DeliveryCrashIT {

  private static final int ROWS = 1000;

  @TempDir private Path folder;
  private TestDatabase database;

  @BeforeEach
  void createTable() {
    database = TestDatabase.create();
    database.execute(
        "CREATE TABLE item (id int PRIMARY KEY)", "CREATE PUBLICATION waltap FOR TABLE item");
  }

  @AfterEach
  void dropDatabase() {
    database.close();
  }

  @ParameterizedTest
  @CsvSource({
    "workers, 133",
    "workers, 677",
    "batches, 133",
    "batches, 677",
    "transactions, 133",
    "transactions, 677"
  })
  void everyRowIsSeenAlthoughTheProcessDied(String way, int dieAfter) throws Exception {
    try (ChildJvm first = start(way, dieAfter)) {
      for (int from = 1; from <= ROWS; from += 40) { // so that pieces and batches do not fit
        database.execute(
            "INSERT INTO item SELECT i FROM generate_series(" + from + ", " + (from + 39) + ") i");
      }
      assertThat(first.awaitEnd()).as("the consumer halted itself").isEqualTo(137);
    }
    assertThat(delivered()).hasSize(dieAfter);
    try (ChildJvm second = start(way, 0)) {
      Await.until("all rows were seen", () -> distinct().size() >= ROWS);
      assertThat(second.stop()).isZero();
    }
    assertThat(distinct()).isEqualTo(rows());
  }

  private static Set<String> rows() {
    return IntStream.rangeClosed(1, ROWS).mapToObj(Integer::toString).collect(Collectors.toSet());
  }

  private List<String> delivered() throws IOException {
    Path file = folder.resolve("delivered");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private Set<String> distinct() throws IOException {
    return new HashSet<>(delivered());
  }

  private ChildJvm start(String way, int dieAfter) throws IOException {
    String classPath = System.getProperty("java.class.path");
    return ChildJvm.start(
            DeliveryConsumer.class,
            classPath,
            List.of("-Xmx128m"),
            database,
            folder,
            way + " " + dieAfter)
        .awaitStreaming();
  }
}

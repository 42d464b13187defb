package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;

/**
 * Has the consumer begin again with a snapshot, kills it a few times while it reads, and lets the
 * writers in as soon as the slot stands: what they write belongs to the stream.
 */
final class FreshSnapshot {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int MOST_KILLS = 3;
  private static final int LONGEST_LIFE_MILLIS = 2_500;

  private final ChaosServer server;
  private final Subject subject;
  private final ConsumerFiles files;
  private final Positions positions;
  private final Oracle oracle;
  private final Workload workload;
  private final Verdicts verdicts;
  private final Random random;

  FreshSnapshot(
      ChaosServer server,
      Subject subject,
      ConsumerFiles files,
      Positions positions,
      Oracle oracle,
      Workload workload,
      Verdicts verdicts,
      Random random) {
    this.server = server;
    this.subject = subject;
    this.files = files;
    this.positions = positions;
    this.oracle = oracle;
    this.workload = workload;
    this.verdicts = verdicts;
    this.random = random;
  }

  /**
   * Begins a round with it. Nobody writes, and the consumer is down.
   *
   * @return how often the consumer was killed
   */
  int begin() throws IOException, SQLException, InterruptedException {
    positions.suspend();
    forget();
    SnapshotRows rows = SnapshotRows.of(server);
    int kills = random.nextInt(MOST_KILLS + 1);
    for (int i = 0; i < kills; i++) {
      subject.start();
      Waiting.pause(Duration.ofMillis(random.nextInt(LONGEST_LIFE_MILLIS)));
      subject.kill();
    }
    if (finished()) {
      forget(); // else there would be no snapshot any more
    }
    subject.start();
    if (!follow(rows)) {
      verdicts.violation("no snapshot within " + PATIENCE + ": " + subject.lastFailure());
    }
    positions.resume(new byte[0]);
    return kills;
  }

  private boolean follow(SnapshotRows rows) throws IOException, SQLException, InterruptedException {
    if (!Waiting.until(PATIENCE, () -> subject.alive().isReading())) {
      return false;
    }
    oracle.begin();
    workload.resume();
    if (!subject.awaitStreaming(PATIENCE)) {
      return false;
    }
    workload.resume();
    verdicts.violations(rows.compare(files.snapshot()));
    return true;
  }

  private boolean finished() throws IOException {
    return Files.exists(files.offset())
        && Files.readString(files.offset()).lines().noneMatch("lsn=none"::equals);
  }

  /** As if the consumer had never been there. */
  private void forget() throws IOException, InterruptedException {
    Files.deleteIfExists(files.offset());
    Files.deleteIfExists(files.previousOffset());
    if (!Waiting.until(PATIENCE, this::dropSlot)) {
      throw new IllegalStateException("The slot could not be dropped within " + PATIENCE + ".");
    }
  }

  // A walsender needs a moment to see that its client was killed.
  private boolean dropSlot() throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
      return true;
    }
  }
}

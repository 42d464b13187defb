package io.waltap.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * The same server, writers and kills with the stock engine and its own offsets as the consumer: the
 * rows that it loses show that the campaign would find losses. Only inserts into one table are
 * compared, since nothing is ever deleted from it.
 */
final class StockCampaign {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration QUIET = Duration.ofSeconds(3);
  private static final Duration WRITING = Duration.ofMillis(300);
  private static final int TRIES = 8;
  private static final int COPIED = 1_000;
  private static final int LONGEST_DELAY_MILLIS = 100;

  private final ChaosServer server;
  private final Workload workload;
  private final Subject subject;
  private final ConsumerFiles files;
  private final Random random;

  private StockCampaign(ChaosServer server, Path folder, long seed) throws IOException {
    this.server = server;
    this.random = new Random(seed);
    this.workload = new Workload(server, random.nextLong());
    this.files = new ConsumerFiles(Files.createDirectories(folder.resolve("consumer")));
    this.subject = new Subject(StockConsumer.class, server.port(), files, new Recoveries());
  }

  /**
   * Kills it so many times under load and lets it come to the end; again, a few times, if it has
   * lost nothing.
   *
   * @return how many rows were committed and never delivered
   */
  static int lostRows(long seed, int kills, Path folder)
      throws IOException, SQLException, InterruptedException {
    try (ChaosServer server = ChaosServer.create(folder)) {
      try (Connection connection = server.connect()) {
        ChaosSchema.create(connection);
      }
      StockCampaign campaign = new StockCampaign(server, folder, seed);
      try {
        return campaign.run(kills);
      } finally {
        campaign.workload.close();
        campaign.subject.close();
      }
    }
  }

  private int run(int kills) throws IOException, SQLException, InterruptedException {
    int lost = 0;
    for (int i = 0; i < TRIES && lost == 0; i++) {
      lost = lostIn(kills);
    }
    return lost;
  }

  private int lostIn(int kills) throws IOException, SQLException, InterruptedException {
    for (int i = 0; i < kills; i++) {
      require(subject.awaitStreaming(PATIENCE), "the stock engine streams");
      write();
      killInTheMiddleOfACopy();
    }
    require(subject.awaitStreaming(PATIENCE), "the stock engine streams after the last kill");
    awaitEnd();
    Set<String> lost = committed();
    lost.removeAll(delivered());
    return lost.size();
  }

  // For a short while only: it is slower than the writers.
  private void write() throws InterruptedException {
    workload.resume();
    Waiting.pause(WRITING);
    workload.pause();
  }

  // At any moment it loses rows now and then, here often: it takes all rows that the server logged
  // at one position for done when one of them is.
  private void killInTheMiddleOfACopy() throws IOException, SQLException, InterruptedException {
    Set<String> before = committed();
    workload.copy(COPIED);
    Set<String> copied = ofTheCampaign();
    copied.removeAll(before);
    require(
        Waiting.until(PATIENCE, () -> !Collections.disjoint(delivered(), copied)),
        "something of the copy comes");
    Waiting.pause(Duration.ofMillis(random.nextInt(LONGEST_DELAY_MILLIS)));
    subject.kill();
  }

  // It has come to the end when a row that is written last has come, and has had time to send
  // whatever it still has.
  private void awaitEnd() throws IOException, InterruptedException {
    workload.copy(1);
    require(Waiting.until(PATIENCE, this::hasLastRow), "the last row came");
    Waiting.pause(QUIET);
  }

  private boolean hasLastRow() throws SQLException, IOException {
    return delivered().containsAll(last());
  }

  private Set<String> delivered() throws IOException {
    return new HashSet<>(Files.readAllLines(files.keys()));
  }

  private Set<String> last() throws SQLException {
    return keys(
        """
        SELECT writer, seq FROM chaos.event WHERE writer = 1 ORDER BY seq DESC LIMIT 1""");
  }

  private Set<String> ofTheCampaign() throws SQLException {
    return keys("SELECT writer, seq FROM chaos.event WHERE writer = 1");
  }

  private Set<String> committed() throws SQLException {
    return keys("SELECT writer, seq FROM chaos.event");
  }

  private Set<String> keys(String query) throws SQLException {
    Set<String> keys = new HashSet<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      while (row.next()) {
        keys.add(row.getInt(1) + " " + row.getLong(2));
      }
    }
    return keys;
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("Not so: " + what + ".");
    }
  }
}

package io.waltap.chaos;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;

/**
 * Kills a consumer that has effects in a database, again and again under load, lets it come to the
 * end, and counts the effects.
 */
final class BookingCampaign implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LONGEST_LIFE_MILLIS = 400;
  private static final int LONGEST_START_MILLIS = 2_000;

  private final ChaosServer server;
  private final Workload workload;
  private final Subject subject;
  private final Random random;
  private final PrintStream out;

  private BookingCampaign(
      Class<?> consumer, long seed, ChaosServer server, Path folder, PrintStream out)
      throws IOException {
    this.server = server;
    this.random = new Random(seed);
    this.out = out;
    this.workload = new Workload(server, random.nextLong());
    this.subject =
        new Subject(
            consumer,
            server.port(),
            new ConsumerFiles(Files.createDirectories(folder.resolve("consumer"))),
            new Recoveries());
  }

  /**
   * Runs one.
   *
   * @param consumer {@link OnceConsumer} or {@link AgainConsumer}
   * @param folder for the server and the consumer; empty
   * @param out is told of every tenth kill
   */
  static Bookings run(Class<?> consumer, long seed, int kills, Path folder, PrintStream out)
      throws IOException, SQLException, InterruptedException {
    try (ChaosServer server = ChaosServer.create(folder)) {
      try (Connection connection = server.connect()) {
        ChaosSchema.create(connection);
        BookingSchema.create(connection);
      }
      try (BookingCampaign campaign = new BookingCampaign(consumer, seed, server, folder, out)) {
        return campaign.run(kills);
      }
    }
  }

  private Bookings run(int kills) throws IOException, SQLException, InterruptedException {
    require(subject.awaitStreaming(PATIENCE), "the consumer streams");
    workload.resume(); // not before, so that there is nothing for a snapshot
    for (int kill = 1; kill <= kills; kill++) {
      live();
      subject.kill();
      if (kill % 10 == 0) {
        out.println(kill + " kills, " + bookings());
      }
    }
    workload.pause();
    String end = value("SELECT pg_current_wal_lsn()");
    require(
        Waiting.until(PATIENCE, () -> hasCome(end)),
        "the consumer comes to the end; it said: " + subject.lastFailure());
    require(subject.stop(), "the consumer stops");
    return bookings();
  }

  // Most kills hit it in the flow of its commits, some while it starts, some when its connections
  // have just been ended.
  private void live() throws IOException, SQLException, InterruptedException {
    int chance = random.nextInt(5);
    if (chance == 0) {
      subject.start();
      pause(LONGEST_START_MILLIS);
      return;
    }
    long booked = bookings().bookedChanges();
    require(
        Waiting.until(PATIENCE, () -> isBookingSince(booked)),
        "the consumer goes on; it said: " + subject.lastFailure());
    pause(LONGEST_LIFE_MILLIS);
    if (chance == 1) {
      endSessions();
      pause(LONGEST_LIFE_MILLIS);
    }
  }

  private boolean isBookingSince(long booked)
      throws IOException, SQLException, InterruptedException {
    subject.alive();
    return bookings().bookedChanges() > booked;
  }

  private void pause(int longestMillis) throws InterruptedException {
    Waiting.pause(Duration.ofMillis(random.nextInt(longestMillis)));
  }

  // Of consumer and writers alike: a connection may break at any moment as well.
  private void endSessions() throws SQLException {
    value(
        """
        SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'""");
  }

  private boolean hasCome(String lsn) throws IOException, SQLException, InterruptedException {
    subject.alive();
    return value("SELECT lsn >= '" + lsn + "'::pg_lsn FROM waltap_offset").equals("t");
  }

  private Bookings bookings() throws SQLException {
    try (Connection connection = server.connect()) {
      return Bookings.read(connection);
    }
  }

  private String value(String query) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }

  private static void require(boolean holds, String what) {
    if (!holds) {
      throw new IllegalStateException("Not so: " + what + ".");
    }
  }

  @Override
  public void close() {
    workload.close();
    subject.close();
  }
}

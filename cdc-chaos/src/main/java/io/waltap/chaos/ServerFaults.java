package io.waltap.chaos;

import io.waltap.chaos.ChaosServer.Ending;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;

/** What is done to the server, to the consumer's connections as to the writers'. */
final class ServerFaults {

  private static final int LONGEST_DOWN_MILLIS = 1_000;

  private final ChaosServer server;
  private final Random random;

  ServerFaults(ChaosServer server, Random random) {
    this.server = server;
    this.random = random;
  }

  void terminateWalsender() throws SQLException {
    execute(
        """
        SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots
        WHERE active_pid IS NOT NULL""");
  }

  void terminateEverybody() throws SQLException {
    execute(
        """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'walsender')""");
  }

  void restart(Ending ending) throws IOException, InterruptedException {
    server.stop(ending);
    Waiting.pause(Duration.ofMillis(random.nextInt(LONGEST_DOWN_MILLIS)));
    server.start();
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

package io.waltap.examples;

import io.waltap.config.CdcConfig;
import io.waltap.config.SnapshotMode;
import io.waltap.config.SslMode;
import io.waltap.generator.TransactionSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Properties;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The user's own server, on which the quickstart is a guest: its slot has a name that nobody else
 * has and is dropped at the end, rows that exist are not read, and roles are left alone.
 */
final class GivenServer implements Target {

  private static final String TIMEOUT_SECONDS = "5";
  private static final int ATTEMPTS_TO_DROP = 100;
  private static final String SLOT_IN_USE = "55006";

  private final CdcConfig config;
  private boolean reached;

  /**
   * Does not connect yet.
   *
   * @throws IllegalArgumentException if the URL cannot be used
   */
  GivenServer(String url, String user, String password, @Nullable SslMode sslMode) {
    CdcConfig.Builder builder =
        CdcConfig.builder()
            .url(url)
            .user(user)
            .password(password)
            .name("quickstart")
            .slot("waltap_quickstart_" + UUID.randomUUID().toString().substring(0, 8))
            .snapshotMode(SnapshotMode.NEVER);
    if (sslMode != null) {
      builder.sslMode(sslMode);
    }
    this.config = builder.build();
  }

  @Override
  public CdcConfig config() {
    return config;
  }

  @Override
  public Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", config.user());
    properties.setProperty("password", config.password());
    properties.setProperty("sslmode", config.sslMode().word());
    properties.setProperty("ApplicationName", "WalTap quickstart");
    properties.setProperty("connectTimeout", TIMEOUT_SECONDS);
    properties.setProperty("loginTimeout", TIMEOUT_SECONDS);
    try {
      Connection connection = DriverManager.getConnection(config.url(), properties);
      reached = true;
      return connection;
    } catch (SQLException e) {
      throw new IllegalStateException(explain(e), e);
    }
  }

  private String explain(SQLException failure) {
    String state = failure.getSQLState() == null ? "" : failure.getSQLState();
    String place = config.host() + ":" + config.port();
    String reason = Reason.of(failure);
    if (state.equals("08001")) {
      return "No PostgreSQL answers at %s (%s): start the server or correct --url."
          .formatted(place, reason);
    }
    if (state.startsWith("08") && config.sslMode().compareTo(SslMode.REQUIRE) >= 0) {
      return "No encrypted connection to %s with --sslmode %s (%s): set TLS up on the server, or"
              .formatted(place, config.sslMode().word(), reason)
          + " give --sslmode prefer if you trust the network.";
    }
    return switch (state) {
      case "28P01", "28000", "08004" ->
          "PostgreSQL at %s refuses the user '%s' (%s): correct --user, --password or PGPASSWORD."
              .formatted(place, config.user(), reason);
      case "3D000" ->
          "There is no database '%s' at %s: create it or correct --url."
              .formatted(config.database(), place);
      default -> "No connection to %s (%s): mend that and start again.".formatted(place, reason);
    };
  }

  @Override
  public void prepare(Connection connection) throws SQLException {
    TransactionSchema.apply(connection);
  }

  /**
   * Drops the slot if there is one.
   *
   * @throws IllegalStateException if it had to stay, with the statement that drops it
   */
  @Override
  public void close() {
    if (!reached) {
      return;
    }
    try (Connection connection = connect()) {
      dropSlot(connection);
    } catch (SQLException e) {
      throw slotStays(Reason.of(e), e);
    } catch (IllegalStateException e) {
      throw slotStays(String.valueOf(e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw slotStays("interrupted", e);
    }
  }

  /** The server notices a little later than we do that a connection has ended. */
  private void dropSlot(Connection connection) throws SQLException, InterruptedException {
    try (PreparedStatement drop =
        connection.prepareStatement(
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                + " WHERE slot_name = ?")) {
      drop.setString(1, config.slot());
      for (int attempt = 1; !executed(drop, attempt == ATTEMPTS_TO_DROP); attempt++) {
        Thread.sleep(100);
      }
    }
  }

  private static boolean executed(PreparedStatement drop, boolean lastAttempt) throws SQLException {
    try {
      drop.execute();
      return true;
    } catch (SQLException e) {
      if (lastAttempt || !SLOT_IN_USE.equals(e.getSQLState())) {
        throw e;
      }
      return false;
    }
  }

  private IllegalStateException slotStays(String reason, Exception cause) {
    return new IllegalStateException(
        "The slot %s may still be there and keep WAL (%s): look with SELECT * FROM"
                .formatted(config.slot(), reason)
            + " pg_replication_slots, and drop it with SELECT pg_drop_replication_slot('%s');"
                .formatted(config.slot()),
        cause);
  }
}

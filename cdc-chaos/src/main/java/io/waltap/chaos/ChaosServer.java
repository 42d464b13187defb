package io.waltap.chaos;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL of embedded binaries that can be stopped in every way and started again with the
 * same data on the same port. Its disk is real: commits wait for fsync.
 */
final class ChaosServer implements AutoCloseable {

  static final String USER = "postgres";
  static final String PASSWORD = "postgres";
  static final String DATABASE = "postgres";

  /** How a server ends. */
  enum Ending {
    FAST("INT"),
    IMMEDIATE("QUIT"),
    KILL("KILL");

    private final String signal;

    Ending(String signal) {
      this.signal = signal;
    }
  }

  private static final Duration START_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration STOP_TIMEOUT = Duration.ofSeconds(60);

  private static final List<String> SETTINGS =
      List.of(
          "listen_addresses = '127.0.0.1'",
          "unix_socket_directories = ''",
          "max_connections = 60",
          "wal_level = logical",
          "fsync = on",
          "synchronous_commit = on",
          "max_slot_wal_keep_size = -1",
          "logical_decoding_work_mem = 64kB",
          "wal_sender_timeout = 3s",
          "checkpoint_timeout = 30s",
          "max_wal_size = 512MB",
          "autovacuum_naptime = 10s",
          "timezone = 'America/St_Johns'");

  private final Path data;
  private final Path log;
  private final int port;
  private final List<String> command;
  private @Nullable Process postmaster;

  private ChaosServer(Path folder, Path data, int port, List<String> command) {
    this.data = data;
    this.log = folder.resolve("server.log");
    this.port = port;
    this.command = command;
  }

  /** Makes a server in a folder and starts it. */
  static ChaosServer create(Path folder) throws IOException, InterruptedException {
    Path data = folder.resolve("data");
    int port = Ports.free();
    ChaosServer server = new ChaosServer(folder, data, port, initialise(data, port));
    List<String> settings = new ArrayList<>(SETTINGS);
    settings.add("port = " + port);
    Files.write(data.resolve("postgresql.conf"), settings, StandardOpenOption.APPEND);
    server.start();
    return server;
  }

  /** Has the library unpack its binaries and fill the data directory, and looks what it ran. */
  private static List<String> initialise(Path data, int port) throws IOException {
    try (EmbeddedPostgres first =
        EmbeddedPostgres.builder()
            .setDataDirectory(data)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPort(port)
            .start()) {
      long pid = Long.parseLong(Files.readAllLines(data.resolve("postmaster.pid")).get(0).strip());
      String binary =
          ProcessHandle.of(pid)
              .flatMap(process -> process.info().command())
              .orElseThrow(() -> new IOException("The server on port " + first.getPort()));
      List<String> command = new ArrayList<>();
      if (LinuxUtils.isUnshareAvailable()) {
        command.addAll(List.of("unshare", "-U")); // postgres refuses to run as root
      }
      command.addAll(List.of(binary, "-D", data.toString()));
      return command;
    }
  }

  /** Starts it, and returns when it takes connections. */
  void start() throws IOException, InterruptedException {
    if (!Waiting.until(START_TIMEOUT, this::answers)) {
      throw new IOException("The server did not start; see " + log);
    }
  }

  // After a SIGKILL the first attempts may find the dead server's memory still in use.
  private boolean answers() throws IOException, SQLException {
    if (!isRunning()) {
      postmaster =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
    }
    try (Connection connection = connect()) {
      return connection.isValid(5);
    }
  }

  boolean isRunning() {
    return postmaster != null && postmaster.isAlive();
  }

  /** Ends it, and returns when it is gone. */
  void stop(Ending ending) throws IOException, InterruptedException {
    Process process = Objects.requireNonNull(postmaster, "never started");
    List<ProcessHandle> children = process.descendants().toList();
    Signals.send(process.pid(), ending.signal);
    if (ending == Ending.KILL) {
      children.forEach(ProcessHandle::destroyForcibly);
    }
    if (!process.waitFor(STOP_TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new IOException("The server did not stop (" + ending + "); see " + log);
    }
  }

  /** Forgets what it logged so far. */
  void clearLog() throws IOException {
    Files.write(log, new byte[0]);
  }

  int port() {
    return port;
  }

  String url() {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE;
  }

  /** A connection that does not wait for ever for a server that is gone. */
  Connection connect() throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", USER);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("ApplicationName", "chaos");
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(url(), properties);
  }

  @Override
  public void close() {
    Process process = postmaster;
    if (process != null) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
      process.onExit().join();
    }
  }

  @Override
  public String toString() {
    return "PostgreSQL in " + data + " on port " + port;
  }
}

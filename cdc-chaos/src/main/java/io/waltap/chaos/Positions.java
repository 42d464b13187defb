package io.waltap.chaos;

import io.waltap.event.Lsn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Watches that the slot is never told of more than is stored, and that what is stored never goes
 * back. Looks at the slot first and at the file second: what is stored later is more.
 */
final class Positions implements AutoCloseable {

  private static final Duration PERIOD = Duration.ofMillis(100);

  private final ChaosServer server;
  private final ConsumerFiles files;
  private final String slot;
  private final ReentrantLock lock = new ReentrantLock();
  private final ConcurrentLinkedQueue<String> violations = new ConcurrentLinkedQueue<>();
  private final AtomicLong checks = new AtomicLong();
  private final Thread watcher = new Thread(this::watch, "positions");
  private @Nullable Connection connection;
  private @Nullable Lsn newest;
  private byte[] damaged = {};
  private boolean suspended;

  Positions(ChaosServer server, ConsumerFiles files, String slot) {
    this.server = server;
    this.files = files;
    this.slot = slot;
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      while (true) {
        check();
        Waiting.pause(PERIOD);
      }
    } catch (InterruptedException e) {
      disconnect();
    }
  }

  /** Looks now. While the server is down there is nothing to see. */
  void check() {
    lock.lock();
    try {
      if (suspended) {
        return;
      }
      Lsn confirmed = confirmed();
      Lsn stored = stored();
      if (stored != null) {
        compare(confirmed, stored);
      }
    } catch (SQLException e) {
      disconnect();
    } catch (IOException e) {
      violations.add("the stored position cannot be read: " + e);
    } finally {
      lock.unlock();
    }
  }

  private void compare(@Nullable Lsn confirmed, Lsn stored) {
    checks.incrementAndGet();
    if (confirmed != null && confirmed.compareTo(stored) > 0) {
      violations.add("the slot is confirmed up to " + confirmed + ", stored is only " + stored);
    }
    if (newest != null && stored.compareTo(newest) < 0) {
      violations.add("the stored position went back from " + newest + " to " + stored);
    }
    newest = stored;
  }

  private @Nullable Lsn confirmed() throws SQLException {
    Connection open = connection;
    if (open == null) {
      open = server.connect();
      connection = open;
    }
    try (PreparedStatement query =
        open.prepareStatement(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?")) {
      query.setString(1, slot);
      try (ResultSet row = query.executeQuery()) {
        String lsn = row.next() ? row.getString(1) : null;
        return lsn == null ? null : Lsn.parse(lsn);
      }
    }
  }

  /** The current generation; between two renames there is only the previous one. */
  private @Nullable Lsn stored() throws IOException {
    for (Path file : List.of(files.offset(), files.previousOffset(), files.offset())) {
      try {
        byte[] content = Files.readAllBytes(file);
        return Arrays.equals(content, damaged) ? null : lsn(content);
      } catch (NoSuchFileException e) {
        // the next, then
      }
    }
    return null;
  }

  private static @Nullable Lsn lsn(byte[] content) {
    return new String(content, StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith("lsn=") && !line.equals("lsn=none"))
        .map(line -> Lsn.parse(line.substring("lsn=".length())))
        .findFirst()
        .orElse(null);
  }

  /** Looks away, because the campaign itself is about to damage the file or to drop the slot. */
  void suspend() {
    lock.lock();
    try {
      suspended = true;
      newest = null;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Looks again.
   *
   * @param content what the campaign put into the file; there is no position to be seen as long as
   *     it is in there
   */
  void resume(byte[] content) {
    lock.lock();
    try {
      damaged = content;
      suspended = false;
    } finally {
      lock.unlock();
    }
  }

  long checks() {
    return checks.get();
  }

  /** The violations since the last call. */
  List<String> violations() {
    List<String> taken = List.copyOf(violations);
    violations.removeAll(taken);
    return taken;
  }

  private void disconnect() {
    Connection open = connection;
    connection = null;
    try {
      if (open != null) {
        open.close();
      }
    } catch (SQLException e) {
      // it is gone, then
    }
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}

package io.waltap.offset;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The right of one store to use a file, against other processes and within this one. */
final class StoreLock implements AutoCloseable {

  /**
   * The lock files held by this process. The operating system does not keep a process from itself,
   * and even gives up the lock when the process closes a second channel to the file: so no second
   * one may be opened.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path file;
  private final FileChannel channel;

  private StoreLock(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * Takes the lock.
   *
   * @param file the lock file, created if need be and never deleted, since another process may be
   *     about to lock it; its directory has to exist
   * @return null if somebody else has it
   */
  static @Nullable StoreLock tryAcquire(Path file, FileAttribute<?>... attributes)
      throws IOException {
    Path absolute = file.toAbsolutePath();
    Path identity = absolute.resolveSibling(".").toRealPath().resolve(absolute.getFileName());
    if (!HELD.add(identity)) {
      return null;
    }
    FileChannel channel = null;
    boolean acquired = false;
    try {
      channel =
          FileChannel.open(
              identity, Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE), attributes);
      acquired = lock(channel) != null;
      return acquired ? new StoreLock(identity, channel) : null;
    } finally {
      if (!acquired) {
        release(identity, channel);
      }
    }
  }

  private static @Nullable FileLock lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held in this process by a copy of this class that another class loader loaded.
      return null;
    }
  }

  private static void release(Path file, @Nullable FileChannel channel) throws IOException {
    try {
      if (channel != null) {
        channel.close();
      }
    } finally {
      HELD.remove(file);
    }
  }

  @Override
  public void close() throws IOException {
    release(file, channel);
  }
}

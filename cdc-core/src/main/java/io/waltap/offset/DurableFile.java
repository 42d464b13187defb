package io.waltap.offset;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * A small file in two generations that is replaced as a whole. At any moment, also after a crash of
 * the machine, the current or the previous generation is complete.
 */
final class DurableFile {

  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  /** The steps of a replacement, in their order. */
  enum Step {
    CREATE,
    WRITE,
    FORCE,
    KEEP,
    PUBLISH,
    SYNC_DIRECTORY
  }

  /** Is told before each step; lets a test break off there. */
  interface Watcher {
    void before(Step step) throws IOException;
  }

  private final Path current;
  private final Path previous;
  private final Path next;
  private final Watcher watcher;

  DurableFile(Path file, Watcher watcher) {
    this.watcher = watcher;
    this.current = file;
    this.previous = sibling(file, ".previous");
    this.next = sibling(file, ".next");
  }

  /** A file beside another, told apart by what its name ends with. */
  static Path sibling(Path file, String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** What makes a new file readable by its owner alone; nothing where that is not known. */
  static FileAttribute<?>[] ownerOnly() {
    return POSIX
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  Path current() {
    return current;
  }

  Path previous() {
    return previous;
  }

  /** Finds out whether {@link #replace} can work, and removes what a crash left of it. */
  void probe() throws IOException {
    Files.deleteIfExists(next);
    Files.createFile(next, ownerOnly());
    Files.delete(next);
    for (Path file : new Path[] {current, previous}) {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new FileSystemException(file.toString(), null, "not a regular file");
      }
    }
  }

  /**
   * Replaces the current generation. An interrupt does not stop it, since half of it is worth
   * nothing to anyone; the thread stays interrupted.
   *
   * @param keep whether the current generation becomes the previous one; to be denied if it is
   *     damaged, so that it never takes the place of a good one
   */
  void replace(byte[] content, boolean keep) throws IOException {
    boolean interrupted = false;
    try {
      while (!tryReplace(content, keep && Files.exists(current))) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private boolean tryReplace(byte[] content, boolean keep) throws IOException {
    try {
      write(content);
      if (keep) {
        watcher.before(Step.KEEP);
        Files.move(current, previous, StandardCopyOption.ATOMIC_MOVE);
      }
      watcher.before(Step.PUBLISH);
      Files.move(next, current, StandardCopyOption.ATOMIC_MOVE);
      watcher.before(Step.SYNC_DIRECTORY);
      syncDirectory();
      return true;
    } catch (ClosedByInterruptException e) {
      return false;
    }
  }

  private void write(byte[] content) throws IOException {
    Set<StandardOpenOption> options =
        Set.of(
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
    watcher.before(Step.CREATE);
    try (FileChannel channel = FileChannel.open(next, options, ownerOnly())) {
      watcher.before(Step.WRITE);
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      watcher.before(Step.FORCE);
      channel.force(true);
    }
  }

  /** Makes the renaming durable; where directories cannot be opened, it is so by itself. */
  private void syncDirectory() throws IOException {
    if (POSIX) {
      try (FileChannel directory =
          FileChannel.open(current.resolveSibling("."), StandardOpenOption.READ)) {
        directory.force(true);
      }
    }
  }
}

package io.waltap.offset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the position in a small text file, readable by its owner only. The generation before it
 * stays beside it as {@code <file>.previous} and is used, with a warning in the log, if the file
 * itself is missing or damaged; {@code <file>.lock} keeps a second engine out.
 *
 * <p>A position is on the disk when {@link #save} returns. Not meant for network file systems,
 * whose locks and renames promise less.
 */
public final class FileOffsetStore implements OffsetStore {

  private static final Logger log = LoggerFactory.getLogger(FileOffsetStore.class);

  private final Path path;
  private final DurableFile file;
  private @Nullable StoreLock lock;
  private boolean currentIsGood;

  /**
   * Names the file; nothing is read or written before {@link #open}.
   *
   * @param file where to keep the position; its directory is created if it does not exist
   */
  public FileOffsetStore(Path file) {
    this(file, step -> {});
  }

  FileOffsetStore(Path file, DurableFile.Watcher watcher) {
    this.path = file.toAbsolutePath();
    this.file = new DurableFile(path, watcher);
  }

  @Override
  public synchronized Optional<Offset> open() throws IOException {
    if (lock != null) {
      throw new IllegalStateException("The offset file " + path + " is open already.");
    }
    StoreLock acquired = acquire();
    try {
      Optional<Offset> offset = read();
      lock = acquired;
      return offset;
    } finally {
      if (lock == null) {
        acquired.close();
      }
    }
  }

  @Override
  public Optional<Offset> peek() throws IOException {
    return new FileOffsetStore(path).read();
  }

  private StoreLock acquire() throws IOException {
    StoreLock acquired = null;
    boolean usable = false;
    try {
      // The dot: on Java 17 a directory that is a symbolic link counts as an obstacle without it.
      Files.createDirectories(path.resolveSibling("."));
      acquired = StoreLock.tryAcquire(DurableFile.sibling(path, ".lock"), DurableFile.ownerOnly());
      if (acquired != null) {
        file.probe();
      }
      usable = true;
    } catch (IOException e) {
      throw new IOException(
          "The offset file "
              + path
              + " cannot be used ("
              + reason(e)
              + "); choose a file in a directory that this user may write, or mend that one.",
          e);
    } finally {
      if (acquired != null && !usable) {
        acquired.close();
      }
    }
    if (acquired == null) {
      throw new IOException(
          "The offset file "
              + path
              + " is in use by another engine; stop that one, or give this one a slot and an"
              + " offset file of its own.");
    }
    return acquired;
  }

  private Optional<Offset> read() throws IOException {
    String damage;
    try {
      Optional<Offset> current = read(file.current());
      currentIsGood = current.isPresent();
      if (currentIsGood) {
        return current;
      }
      damage = "is missing";
    } catch (IllegalArgumentException e) {
      currentIsGood = false;
      damage = String.valueOf(e.getMessage());
    }
    return readPrevious(damage);
  }

  private Optional<Offset> readPrevious(String damage) throws IOException {
    Optional<Offset> offset;
    try {
      offset = read(file.previous());
    } catch (IllegalArgumentException e) {
      throw unreadable(damage, e.getMessage());
    }
    if (offset.isPresent()) {
      log.warn(
          "The offset file {} {}; going on from {}, one position earlier.",
          path,
          damage,
          file.previous());
    } else if (!damage.equals("is missing")) {
      throw unreadable(damage, "is missing");
    }
    return offset;
  }

  private IOException unreadable(String damage, @Nullable String previousDamage) {
    return new IOException(
        "The offset file "
            + path
            + " "
            + damage
            + " and "
            + file.previous().getFileName()
            + " "
            + previousDamage
            + ", so that the position is lost; restore one of them from a backup, or, to begin"
            + " again with a snapshot, delete both and drop the replication slot.");
  }

  /**
   * @return empty if the file does not exist
   * @throws IllegalArgumentException if it is damaged
   */
  private Optional<Offset> read(Path generation) throws IOException {
    byte[] text;
    try (InputStream in = Files.newInputStream(generation)) {
      text = in.readNBytes(OffsetText.MAX_BYTES + 1);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IOException(
          "The offset file "
              + generation
              + " cannot be read ("
              + reason(e)
              + "); let this user read it.",
          e);
    }
    if (text.length > OffsetText.MAX_BYTES) {
      throw new IllegalArgumentException("is too large for an offset");
    }
    return Optional.of(OffsetText.decode(text));
  }

  @Override
  public synchronized void save(Offset offset) throws IOException {
    if (lock == null) {
      throw new IllegalStateException("The offset file " + path + " is not open.");
    }
    byte[] text = OffsetText.encode(offset);
    try {
      file.replace(text, currentIsGood);
      currentIsGood = true;
    } catch (IOException e) {
      throw new IOException(
          "The position could not be written to the offset file "
              + path
              + " ("
              + reason(e)
              + "); check the disk and the permissions of its directory.",
          e);
    }
  }

  private static String reason(IOException e) {
    if (e instanceof FileSystemException failure && failure.getReason() != null) {
      return failure.getFile() + ": " + failure.getReason();
    }
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  @Override
  public synchronized void close() throws IOException {
    if (lock != null) {
      StoreLock released = lock;
      lock = null;
      released.close();
    }
  }

  /** Names the file, for messages. */
  @Override
  public String toString() {
    return "the offset file " + path;
  }
}

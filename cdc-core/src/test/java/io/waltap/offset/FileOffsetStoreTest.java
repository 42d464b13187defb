package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class FileOffsetStoreTest {

  private static final Offset FIRST = offset("0/1000000");
  private static final Offset SECOND = offset("0/2000000");
  private static final Offset THIRD = offset("0/3000000");

  private Path directory;

  @BeforeEach
  void useDirectory(@TempDir Path directory) {
    this.directory = directory;
  }

  private static Offset offset(String lsn) {
    return new Offset("waltap", "7460000000000000001", 3, "published", Lsn.parse(lsn));
  }

  private Path file() {
    return directory.resolve("waltap.offset");
  }

  private Path previous() {
    return directory.resolve("waltap.offset.previous");
  }

  private void save(Offset... offsets) throws IOException {
    try (FileOffsetStore store = new FileOffsetStore(file())) {
      store.open();
      for (Offset offset : offsets) {
        store.save(offset);
      }
    }
  }

  private Optional<Offset> reopened() throws IOException {
    try (FileOffsetStore store = new FileOffsetStore(file())) {
      return store.open();
    }
  }

  @Test
  void holdsNothingAtFirst() throws IOException {
    assertThat(reopened()).isEmpty();
    assertThat(reopened()).isEmpty();
  }

  @Test
  void holdsWhatWasSavedLast() throws IOException {
    save(FIRST, SECOND, THIRD);
    assertThat(reopened()).contains(THIRD);
  }

  @Test
  void holdsAnUnfinishedSnapshot() throws IOException {
    Offset unfinished = new Offset("waltap", "1", 1, "waltap", null);
    save(unfinished);
    assertThat(reopened()).contains(unfinished);
  }

  @Test
  void createsItsDirectory() throws IOException {
    Path nested = directory.resolve("a/b/waltap.offset");
    try (FileOffsetStore store = new FileOffsetStore(nested)) {
      store.open();
      store.save(FIRST);
    }
    assertThat(nested).isNotEmptyFile();
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void itsDirectoryMayBeASymbolicLink() throws IOException {
    Files.createDirectory(directory.resolve("real"));
    Path link = Files.createSymbolicLink(directory.resolve("link"), Path.of("real"));
    try (FileOffsetStore store = new FileOffsetStore(link.resolve("o"));
        FileOffsetStore other = new FileOffsetStore(directory.resolve("real/o"))) {
      store.open();
      assertThatThrownBy(other::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use");
    }
  }

  @Test
  void aTemporaryFileLeftByACrashIsIgnoredAndRemoved() throws IOException {
    save(FIRST);
    Path next = Files.write(directory.resolve("waltap.offset.next"), OffsetText.encode(SECOND));
    assertThat(reopened()).contains(FIRST);
    assertThat(next).doesNotExist();
  }

  @Test
  void anEmptyFileIsDamageAndNotAFreshStart() throws IOException {
    Files.createFile(file());
    assertThatThrownBy(this::reopened)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file() + " is empty and waltap.offset.previous is missing")
        .hasMessageContaining("restore one of them");
  }

  @Test
  void twoDamagedGenerationsAreAnError() throws IOException {
    save(FIRST, SECOND);
    Files.writeString(file(), "x\n".repeat(5));
    Files.write(previous(), new byte[1_000_000]);
    assertThatThrownBy(this::reopened)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("does not fit its checksum and waltap.offset.previous is too large");
  }

  @Test
  void aMissingFileWithADamagedPreviousOneIsAnError() throws IOException {
    save(FIRST, SECOND);
    Files.delete(file());
    Files.writeString(previous(), "");
    assertThatThrownBy(this::reopened).isInstanceOf(IOException.class);
  }

  @Test
  void aDamagedFileNeverReplacesAGoodPreviousOne() throws IOException {
    save(FIRST, SECOND);
    Files.writeString(file(), "damaged");
    save(THIRD);
    assertThat(OffsetText.decode(Files.readAllBytes(previous()))).isEqualTo(FIRST);
    assertThat(reopened()).contains(THIRD);
  }

  @Test
  void aSaveThatFailsKeepsTheOffsetAndTheNextOneSucceeds() throws IOException {
    try (FileOffsetStore store = new FileOffsetStore(file())) {
      store.open();
      store.save(FIRST);
      Path obstacle = Files.createDirectory(directory.resolve("waltap.offset.next"));
      assertThatThrownBy(() -> store.save(SECOND))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file().toString())
          .hasMessageContaining("check the disk and the permissions");
      assertThat(OffsetText.decode(Files.readAllBytes(file()))).isEqualTo(FIRST);
      Files.delete(obstacle);
      store.save(THIRD);
    }
    assertThat(reopened()).contains(THIRD);
  }

  @Test
  void anInterruptNeitherStopsASaveNorGetsLost() throws IOException {
    try (FileOffsetStore store = new FileOffsetStore(file())) {
      store.open();
      Thread.currentThread().interrupt();
      store.save(FIRST);
      assertThat(Thread.interrupted()).isTrue();
      store.save(SECOND);
    } finally {
      Thread.interrupted();
    }
    assertThat(reopened()).contains(SECOND);
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void onlyTheOwnerMayReadItsFiles() throws IOException {
    save(FIRST, SECOND);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files)
          .hasSize(3)
          .allSatisfy(
              f ->
                  assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(f)))
                      .isEqualTo("rw-------"));
    }
  }

  @Test
  void aDirectoryInPlaceOfTheFileIsAnError() throws IOException {
    Files.createDirectory(file());
    assertThatThrownBy(this::reopened)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(file().toString())
        .hasMessageContaining("not a regular file")
        .hasMessageContaining("choose a file in a directory that this user may write");
  }

  @Test
  void aFileInPlaceOfTheDirectoryIsAnError() throws IOException {
    Path obstacle = Files.createFile(directory.resolve("obstacle"));
    for (String below : new String[] {"o", "deeper/o"}) {
      FileOffsetStore store = new FileOffsetStore(obstacle.resolve(below));
      assertThatThrownBy(store::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(obstacle.resolve(below) + " cannot be used")
          .hasMessageContaining("choose a file");
    }
  }

  @Test
  void aDirectoryThatCannotBeWrittenIsAnErrorUnlessTheUserMayWriteEverywhere() throws IOException {
    Path closed = Files.createDirectory(directory.resolve("closed"));
    if (!closed.toFile().setWritable(false) || Files.isWritable(closed)) {
      return;
    }
    FileOffsetStore store = new FileOffsetStore(closed.resolve("o"));
    assertThatThrownBy(store::open)
        .isInstanceOf(IOException.class)
        .hasMessageContaining(closed.resolve("o") + " cannot be used");
  }

  @Test
  void aFailedOpenDoesNotKeepTheLock() throws IOException {
    Files.createFile(file());
    FileOffsetStore store = new FileOffsetStore(file());
    assertThatThrownBy(store::open).hasMessageContaining("is empty");
    Files.delete(file());
    assertThat(store.open()).isEmpty();
    store.close();
  }

  @Test
  void closeIsIdempotentAndTheStoreCanBeOpenedAgain() throws IOException {
    FileOffsetStore store = new FileOffsetStore(file());
    store.close();
    store.open();
    store.save(FIRST);
    store.close();
    store.close();
    assertThat(store.open()).contains(FIRST);
    store.close();
  }

  @Test
  void isUsedOnlyWhileOpen() throws IOException {
    FileOffsetStore store = new FileOffsetStore(file());
    assertThatIllegalStateException().isThrownBy(() -> store.save(FIRST));
    store.open();
    assertThatIllegalStateException().isThrownBy(store::open);
    store.close();
    assertThatIllegalStateException().isThrownBy(() -> store.save(FIRST));
  }
}

package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.waltap.event.Lsn;
import io.waltap.offset.DurableFile.Step;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What disks, crashes and accidents do to the file: no position is ever made up or lost by it. */
class FileOffsetStoreDamageTest {

  private static final Offset FIRST = offset("0/1000000");
  private static final Offset SECOND = offset("0/2000000");
  private static final Offset THIRD = offset("0/3000000");
  private static final Offset FOURTH = offset("0/4000000");

  @TempDir private Path directory;
  private Path file;
  private Path previous;
  private Path next;

  @BeforeEach
  void nameFiles() {
    file = directory.resolve("waltap.offset");
    previous = directory.resolve("waltap.offset.previous");
    next = directory.resolve("waltap.offset.next");
  }

  private static Offset offset(String lsn) {
    return new Offset("waltap", "7460000000000000001", 3, "published", Lsn.parse(lsn));
  }

  private void save(Offset... offsets) throws IOException {
    try (FileOffsetStore store = new FileOffsetStore(file)) {
      store.open();
      for (Offset offset : offsets) {
        store.save(offset);
      }
    }
  }

  private Optional<Offset> reopened() throws IOException {
    try (FileOffsetStore store = new FileOffsetStore(file)) {
      return store.open();
    }
  }

  /** The previous generation is used; without one the store refuses. */
  private void assertNoticed(byte[] damaged, String what) throws IOException {
    Files.write(file, damaged);
    Files.write(previous, OffsetText.encode(FIRST));
    assertThat(reopened()).as(what).contains(FIRST);
    Files.delete(previous);
    assertThatThrownBy(this::reopened)
        .as(what)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("The offset file " + file + " ")
        .hasMessageContaining("so that the position is lost; restore one of them from a backup");
  }

  private static byte[] with(byte[] good, int index, int value) {
    byte[] bad = good.clone();
    bad[index] = (byte) value;
    return bad;
  }

  @Test
  void everyChangedByteIsNoticedWithAndWithoutThePreviousFile() throws IOException {
    byte[] good = OffsetText.encode(SECOND);
    for (int index = 0; index < good.length; index++) {
      for (int value : new int[] {good[index] ^ (1 << (index % 8)), ~good[index]}) {
        assertNoticed(with(good, index, value), "byte " + index + " is " + value);
      }
    }
  }

  @Test
  void everyTruncationIsNoticedWithAndWithoutThePreviousFile() throws IOException {
    byte[] good = OffsetText.encode(SECOND);
    for (int length = 0; length < good.length; length++) {
      assertNoticed(Arrays.copyOf(good, length), "length " + length);
    }
  }

  @Test
  void everyTruncationFilledWithZerosIsNoticed() throws IOException {
    byte[] good = OffsetText.encode(SECOND);
    for (int length = 0; length < good.length; length++) {
      assertNoticed(
          Arrays.copyOf(Arrays.copyOf(good, length), good.length), "zeros from " + length);
    }
  }

  /** The process ends here; nothing after it happens. */
  private static final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void crashBefore(Step crash, Offset offset) throws IOException {
    try (FileOffsetStore store =
        new FileOffsetStore(
            file,
            step -> {
              if (step == crash) {
                throw new Crash();
              }
            })) {
      store.open();
      assertThatThrownBy(() -> store.save(offset)).isInstanceOf(Crash.class);
    }
  }

  private void assertGoesOn(Offset old, Offset recent) throws IOException {
    assertThat(reopened()).get().isIn(old, recent);
    save(FOURTH);
    assertThat(reopened()).contains(FOURTH);
  }

  @ParameterizedTest
  @EnumSource
  void aCrashBeforeAnyStepLeavesTheOldOrTheNewPosition(Step step) throws IOException {
    save(FIRST, SECOND);
    crashBefore(step, THIRD);
    assertThat(reopened()).contains(step == Step.SYNC_DIRECTORY ? THIRD : SECOND);
    assertGoesOn(SECOND, THIRD);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEEP")
  void aCrashInTheFirstSaveEverLeavesNothingOrThePosition(Step step) throws IOException {
    crashBefore(step, FIRST);
    assertThat(reopened())
        .isEqualTo(step == Step.SYNC_DIRECTORY ? Optional.of(FIRST) : Optional.empty());
    save(FOURTH);
    assertThat(reopened()).contains(FOURTH);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "KEEP")
  void aCrashWhileADamagedFileIsReplacedLeavesTheGoodOne(Step step) throws IOException {
    save(FIRST, SECOND);
    Files.writeString(file, "damaged");
    crashBefore(step, THIRD);
    assertGoesOn(FIRST, THIRD);
  }

  @Test
  void aCrashInTheSaveAfterACrashLeavesThePositionBeforeBoth() throws IOException {
    for (Step first : Step.values()) {
      for (Step second : new Step[] {Step.CREATE, Step.WRITE, Step.FORCE, Step.PUBLISH}) {
        save(FIRST, SECOND);
        crashBefore(first, THIRD);
        Offset between = reopened().orElseThrow();
        crashBefore(second, FOURTH);
        assertThat(reopened()).as("%s, then %s", first, second).contains(between);
      }
    }
  }

  @Test
  void aCrashAfterAnyPartOfTheNewFileLeavesTheOldPosition() throws IOException {
    byte[] content = OffsetText.encode(THIRD);
    for (int length = 0; length <= content.length; length++) {
      save(FIRST, SECOND);
      Files.write(next, Arrays.copyOf(content, length));
      assertThat(reopened()).as("written: %s", length).contains(SECOND);
    }
    assertGoesOn(SECOND, SECOND);
  }

  /** Nothing promises that two renames reach the disk in their order before the directory does. */
  @Test
  void renamesThatReachedTheDiskTheOtherWayRoundLeaveTheNewPosition() throws IOException {
    save(FIRST, SECOND);
    Files.write(file, OffsetText.encode(THIRD));
    assertThat(OffsetText.decode(Files.readAllBytes(previous))).isEqualTo(FIRST);
    assertThat(reopened()).contains(THIRD);
  }

  @ParameterizedTest
  @EnumSource
  void aDiskThatFailsAtAnyStepIsToldAndLeavesTheStoreGood(Step broken) throws IOException {
    boolean[] healthy = {true};
    try (FileOffsetStore store =
        new FileOffsetStore(
            file,
            step -> {
              if (step == broken && !healthy[0]) {
                throw new FileSystemException(file.toString(), null, "Input/output error");
              }
            })) {
      store.open();
      store.save(FIRST);
      store.save(SECOND);
      healthy[0] = false;
      for (int attempt = 0; attempt < 3; attempt++) {
        assertThatThrownBy(() -> store.save(THIRD))
            .isInstanceOf(IOException.class)
            .hasMessage(
                "The position could not be written to the offset file "
                    + file
                    + " ("
                    + file
                    + ": Input/output error); check the disk and the permissions of its directory.");
        assertThat(OffsetText.decode(readableGeneration())).isIn(SECOND, THIRD);
      }
      healthy[0] = true;
      store.save(FOURTH);
    }
    assertThat(reopened()).contains(FOURTH);
  }

  private byte[] readableGeneration() throws IOException {
    return Files.readAllBytes(Files.exists(file) ? file : previous);
  }

  /** Saves in a process that may not write a byte to any file. */
  static final class Confined {
    public static void main(String[] arguments) throws IOException {
      try (FileOffsetStore store = new FileOffsetStore(Path.of(arguments[0]))) {
        System.out.println(store.open().orElseThrow().lsn());
        store.save(THIRD);
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aFullDiskIsToldAndLeavesTheOldPosition() throws Exception {
    save(FIRST, SECOND);
    Process process =
        new ProcessBuilder(
                "sh",
                "-c",
                "ulimit -f 0; exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-cp",
                System.getProperty("java.class.path"),
                Confined.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
    assertThat(said)
        .contains("0/2000000\n")
        .contains("The position could not be written to the offset file " + file + " (")
        .contains("check the disk and the permissions of its directory");
    assertThat(reopened()).contains(SECOND);
    assertThat(next).doesNotExist();
  }
}

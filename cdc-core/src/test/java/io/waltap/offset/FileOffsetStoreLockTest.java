package io.waltap.offset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileOffsetStoreLockTest {

  private Path directory;

  @BeforeEach
  void useDirectory(@TempDir Path directory) {
    this.directory = directory;
  }

  private Path file() {
    return directory.resolve("waltap.offset");
  }

  /** Another JVM that opens the store, says how that went, and keeps it until its input ends. */
  static final class OtherJvm {
    public static void main(String[] args) throws IOException {
      try (FileOffsetStore store = new FileOffsetStore(Path.of(args[0]))) {
        store.open();
        System.out.println("opened");
        int end = System.in.read();
        assert end < 0;
      } catch (IOException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private Process startOtherJvm() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            OtherJvm.class.getName(),
            file().toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String answerOf(Process process) {
    try {
      // Not closed: that would close the process's stream before it is asked again.
      BufferedReader reader = process.inputReader(StandardCharsets.UTF_8);
      return String.valueOf(reader.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aSecondStoreInTheSameProcessIsRefused() throws IOException {
    try (FileOffsetStore second = new FileOffsetStore(file())) {
      try (FileOffsetStore first = new FileOffsetStore(file())) {
        first.open();
        assertThatThrownBy(second::open)
            .isInstanceOf(IOException.class)
            .hasMessageContaining(file() + " is in use by another engine; stop that one");
      }
      assertThat(second.open()).isEmpty();
    }
  }

  @Test
  void aStoreThatAnotherProcessHoldsIsRefusedUntilThatOneEnds() throws Exception {
    Process other = startOtherJvm();
    try (FileOffsetStore store = new FileOffsetStore(file())) {
      assertThat(answerOf(other)).isEqualTo("opened");
      assertThatThrownBy(store::open)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is in use by another engine");
      other.destroyForcibly().waitFor();
      assertThat(store.open()).isEmpty();
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void anotherProcessIsRefusedEvenAfterASecondStoreHereWasRefused() throws Exception {
    try (FileOffsetStore store = new FileOffsetStore(file())) {
      store.open();
      try (FileOffsetStore second = new FileOffsetStore(file())) {
        assertThatThrownBy(second::open).isInstanceOf(IOException.class);
      }
      Process other = startOtherJvm();
      try {
        assertThat(answerOf(other)).contains("is in use by another engine");
      } finally {
        other.destroyForcibly();
      }
    }
  }
}

package io.waltap.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WholeLinesTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 4097, 20_000})
  void goesOnAfterTheLastWholeLine(int rest) throws IOException {
    Path file = folder.resolve("lines");
    Files.writeString(file, "one\ntwo\n" + "x".repeat(rest));

    append(file, "three\n");

    assertThat(file).hasContent("one\ntwo\nthree\n");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5_000})
  void beginsAnewWithoutAWholeLine(int rest) throws IOException {
    Path file = folder.resolve("lines");
    Files.writeString(file, "x".repeat(rest));

    append(file, "one\n");

    assertThat(file).hasContent("one\n");
  }

  private static void append(Path file, String line) throws IOException {
    try (FileChannel channel = WholeLines.open(file)) {
      channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
    }
  }
}

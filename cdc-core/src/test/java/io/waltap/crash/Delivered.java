package io.waltap.crash;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The file in which a consumer writes down what it was given, before it says that it accepted it.
 * Dies, as if the power had gone for this process, after a given number of rows.
 */
final class Delivered {

  private final Path file;
  private int left;

  Delivered(Path file, int dieAfter) {
    this.file = file;
    this.left = dieAfter;
  }

  void add(String id) throws IOException {
    byte[] line = (id + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    left--;
    if (left == 0) {
      Runtime.getRuntime().halt(137);
    }
  }
}

package io.waltap.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Opens a file of lines to go on with it after a death in the middle of a line. */
final class WholeLines {

  private static final int STEP = 4096;

  private WholeLines() {}

  /** Opens it for appending, made if need be, and cuts off what follows its last line break. */
  static FileChannel open(Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      file.truncate(end(file));
    }
    return FileChannel.open(path, StandardOpenOption.APPEND);
  }

  private static long end(FileChannel file) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(STEP);
    for (long to = file.size(); to > 0; to -= Math.min(to, STEP)) {
      long from = Math.max(0, to - STEP);
      buffer.clear().limit((int) (to - from));
      while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
        // until the step is filled
      }
      for (int i = buffer.position() - 1; i >= 0; i--) {
        if (buffer.get(i) == '\n') {
          return from + i + 1;
        }
      }
    }
    return 0;
  }
}

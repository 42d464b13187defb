package io.waltap.generator.audit;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What a consumer noted of the changes that it was given, in either of the two forms. */
interface Recording extends Closeable {

  /** The next change, null after the last. */
  @Nullable Delivered next() throws IOException;

  /** How much has been read. */
  long characters();

  /** Opens a file, whose first letter says what it is. */
  static Recording open(Path file) throws IOException {
    return isJson(file) ? new JsonLinesReader(file) : new RecordingReader(file);
  }

  private static boolean isJson(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      int first = in.read();
      return first == '{' || first == '\n' || first == '\r' || first == ' ';
    }
  }
}

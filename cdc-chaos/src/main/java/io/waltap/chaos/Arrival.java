package io.waltap.chaos;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Looks whether a transaction has come, and keeps the consumer running until then. */
final class Arrival implements Callable<Boolean> {

  private final Subject subject;
  private final Path notes;
  private final String wanted;
  private long read;

  Arrival(Subject subject, Path notes, long number) {
    this.subject = subject;
    this.notes = notes;
    this.wanted = "\n" + number + " ";
  }

  @Override
  public Boolean call() throws IOException, InterruptedException {
    subject.alive();
    String text = "\n" + news();
    boolean found = text.contains(wanted) && text.indexOf('\n', text.indexOf(wanted) + 1) > 0;
    if (!found) {
      read += Math.max(0, text.lastIndexOf('\n') - 1);
    }
    return found;
  }

  private String news() throws IOException {
    if (!Files.exists(notes)) {
      return "";
    }
    try (RandomAccessFile file = new RandomAccessFile(notes.toFile(), "r")) {
      byte[] bytes = new byte[(int) Math.max(0, file.length() - read)];
      file.seek(read);
      file.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8);
    }
  }
}

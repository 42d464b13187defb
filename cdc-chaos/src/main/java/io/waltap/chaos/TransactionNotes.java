package io.waltap.chaos;

import io.waltap.event.ChangeEvent;
import io.waltap.event.LogicalMessage;
import io.waltap.event.Lsn;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import io.waltap.listener.MessageListener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Counts the changes of each transaction and writes down, when the message comes with which its
 * writer ended it, how many there were and how many the writer says there are. Used on the
 * listeners' thread.
 */
final class TransactionNotes implements ChangeListener<Row>, MessageListener, AutoCloseable {

  /** The prefix of the messages; their content is {@code number count}. */
  static final String PREFIX = "chaos";

  /** One line of the file. */
  record Note(long number, long promised, long counted, long commitLsn) {

    static Note parse(String line) {
      String[] words = line.split(" ", -1);
      return new Note(
          Long.parseLong(words[0]),
          Long.parseLong(words[1]),
          Long.parseLong(words[2]),
          Long.parseLong(words[3]));
    }

    @Override
    public String toString() {
      return "transaction %d has %d changes, %d came, commit %s"
          .formatted(number, promised, counted, Long.toHexString(commitLsn));
    }
  }

  private final FileChannel file;
  private @Nullable Lsn current;
  private long counted;

  TransactionNotes(Path path) throws IOException {
    this.file = WholeLines.open(path);
  }

  @Override
  public void onChange(ChangeEvent<Row> event) {
    count(event.metadata().commitLsn());
  }

  private void count(@Nullable Lsn commit) {
    if (commit == null || !commit.equals(current)) {
      current = commit;
      counted = 0;
    }
    counted++;
  }

  @Override
  public void onMessage(LogicalMessage message) throws IOException {
    Lsn commit = message.commitLsn();
    if (commit == null) {
      return;
    }
    write(message.text() + " " + (commit.equals(current) ? counted : 0) + " " + commit.value());
  }

  private void write(String line) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      file.write(bytes);
    }
  }

  /** Puts on the disk what was written. */
  void force() throws IOException {
    file.force(false);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}

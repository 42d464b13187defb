package io.waltap.generator.audit;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Row;
import io.waltap.listener.ChangeListener;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * A listener that notes every change that it is given as a line at the end of a file, for an {@link
 * Audit}. One recorder may listen to all tables; put it last in a listener of your own to note what
 * that has accepted.
 *
 * <p>A change is handed to the operating system in one write before the call returns, so that it
 * survives the end of this process, however violent; to survive the end of the machine too, {@link
 * #force} it. A line that was cut short is recognised: it is ignored by the audit, and cut off when
 * a recorder opens the file again.
 *
 * <p>Opening the file notes a start of the consumer: after it, and after {@link #restarted}, an
 * engine may repeat itself. Each line holds the time of arrival by this machine's clock. May be
 * called from any thread.
 */
public final class DeliveryRecorder implements ChangeListener<Row>, Closeable {

  private final FileChannel file;
  private final RecordingWriter writer = new RecordingWriter();

  private DeliveryRecorder(FileChannel file) {
    this.file = file;
  }

  /**
   * Opens a recording, or begins one.
   *
   * @throws IOException also if another recorder has the file open
   */
  public static DeliveryRecorder open(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() == null) {
        throw new IOException(file + " is being written by another process");
      }
      channel.truncate(WholeLines.length(channel));
      channel.position(channel.size());
      DeliveryRecorder recorder = new DeliveryRecorder(channel);
      recorder.restarted();
      return recorder;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * Notes the change.
   *
   * @throws IOException if the file could not be written, a full disk among the reasons
   */
  @Override
  public synchronized void onChange(ChangeEvent<Row> event) throws IOException {
    write(writer.change(event, Instant.now()));
  }

  /** Notes that the consumer has connected anew, and may be given changes again. */
  public synchronized void restarted() throws IOException {
    write(writer.start(Instant.now()));
  }

  /** Returns when all that was noted is on the disk. */
  public void force() throws IOException {
    file.force(false);
  }

  /** Closes the file, without forcing it. */
  @Override
  public synchronized void close() throws IOException {
    file.close();
  }

  // A part of a line that a full disk has left is taken back, so that what follows is readable.
  private void write(byte[] lines) throws IOException {
    long begin = file.position();
    ByteBuffer bytes = ByteBuffer.wrap(lines);
    try {
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
    } catch (IOException e) {
      writer.forget();
      file.truncate(begin);
      throw e;
    }
  }
}

package io.waltap.internal.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

/** With a time of its own, in which a server sends at some rate into a buffer of some size. */
class GatheringTest {

  private static final long MILLISECOND = 1_000_000;
  private static final long SECOND = 1_000 * MILLISECOND;

  private long now;
  private long waited;
  private long reads;

  /** A socket of which each read is of all that is there, and waits if nothing is. */
  private final class Line extends InputStream {

    private final double bytesPerNano;
    private final int size;
    private final long end;
    private double there;
    private long filled = now;

    Line(double bytesPerMillisecond, int size, long end) {
      this.bytesPerNano = bytesPerMillisecond / MILLISECOND;
      this.size = size;
      this.end = end;
    }

    @Override
    public int available() {
      there = Math.min(size, there + (Math.min(now, end) - Math.min(filled, end)) * bytesPerNano);
      filled = now;
      return (int) there;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      reads++;
      while (available() == 0 && now < end + SECOND) {
        now += 1_000;
      }
      int count = Math.min(length, available());
      there -= count;
      return count;
    }

    @Override
    public int read() {
      throw new AssertionError("byte by byte");
    }
  }

  private final Gathering gathering = new Gathering(() -> now, this::pause);

  private void pause(long nanos) {
    now += nanos;
    waited += nanos;
  }

  /**
   * Reads until that time, with a work of 5 ns a byte and 2 µs a read; the last may end after it.
   */
  private long readUntil(long until, Line line) throws IOException {
    byte[] buffer = new byte[64 * 1024];
    long bytes = 0;
    while (now < until) {
      gathering.letGather(line);
      int count = line.read(buffer, 0, buffer.length);
      gathering.took(count);
      bytes += count;
      now += 2_000 + 5L * count;
    }
    return bytes;
  }

  @Test
  void atRestNothingWaits() throws IOException {
    long bytes = readUntil(SECOND, new Line(6_000, 1 << 20, SECOND));
    assertThat(bytes).isGreaterThan(5_900_000);
    assertThat(waited).isZero();
  }

  @Test
  void underLoadReadsAreFew() throws IOException {
    long bytes = readUntil(SECOND, new Line(30_000, 1 << 20, SECOND));
    assertThat(bytes).isGreaterThan(29_000_000);
    assertThat(reads).isLessThan(3_000); // 425,000 without it
  }

  @Test
  void whatIsPlentyIsNotWaitedFor() throws IOException {
    readUntil(SECOND, new Line(1_000_000, 1 << 20, SECOND));
    assertThat(waited).isLessThan(2 * MILLISECOND);
  }

  @Test
  void aFullBufferIsNotWaitedForTwice() throws IOException {
    long bytes = readUntil(SECOND, new Line(30_000, 64 * 1024, SECOND));
    assertThat(bytes).isGreaterThan(19_000_000); // full after 2.2 ms, read after 4 and its work
  }

  @Test
  void theLastOfALoadIsLateByAMillisecondAtMost() throws IOException {
    Line line = new Line(30_000, 1 << 20, SECOND);
    long bytes = readUntil(SECOND + MILLISECOND, line);
    assertThat(line.available()).isZero();
    assertThat(bytes).isBetween(29_999_990L, 30_000_000L);
  }

  @Test
  void afterALoadNothingWaits() throws IOException {
    readUntil(SECOND, new Line(30_000, 1 << 20, SECOND));
    readUntil(now + 10 * MILLISECOND, new Line(500, 1 << 20, 1_000 * SECOND));
    waited = 0;
    readUntil(now + SECOND, new Line(500, 1 << 20, 1_000 * SECOND));
    assertThat(waited).isZero();
  }
}

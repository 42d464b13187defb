package io.waltap.generator.audit;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file up to and with its last line feed: what stands behind it was cut short. */
final class WholeLines extends InputStream {

  private static final int BLOCK = 64 * 1024;

  private final FileChannel file;
  private long left;

  WholeLines(FileChannel file) throws IOException {
    this.file = file;
    this.left = length(file);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int wanted = (int) Math.min(length, left);
    int read = wanted == 0 ? -1 : file.read(ByteBuffer.wrap(bytes, offset, wanted));
    left -= Math.max(read, 0);
    return read;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** How many bytes that is. */
  static long length(FileChannel file) throws IOException {
    long end = file.size();
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    while (end > 0) {
      long begin = Math.max(0, end - BLOCK);
      block.clear().limit((int) (end - begin));
      int read = file.read(block, begin);
      for (int i = read - 1; i >= 0; i--) {
        if (block.get(i) == '\n') {
          return begin + i + 1;
        }
      }
      end = begin;
    }
    return 0;
  }
}

package io.waltap.internal.decode;

import java.util.HexFormat;

/** Reads a {@code bytea}. */
final class BytesText implements Conversion {

  private static final String PREFIX = "\\x";

  @Override
  public Object read(String text) {
    if (!text.startsWith(PREFIX)) {
      throw notHex();
    }
    return HexFormat.of().parseHex(text, PREFIX.length(), text.length());
  }

  @Override
  public Object read(LargeText text) {
    byte[] read = text.startsWith(PREFIX) ? text.hex(PREFIX.length()) : null;
    if (read == null) {
      throw notHex();
    }
    return read;
  }

  private static UnreadableException notHex() {
    return new UnreadableException("the value is not in bytea_output hex");
  }
}

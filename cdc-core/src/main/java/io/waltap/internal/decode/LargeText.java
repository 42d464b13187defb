package io.waltap.internal.decode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A text that is still part of the message in which it came. Immutable as long as that is. */
final class LargeText implements CharSequence {

  private final byte[] message;
  private final int start;
  private final int bytes;

  LargeText(byte[] message, int start, int bytes) {
    this.message = message;
    this.start = start;
    this.bytes = bytes;
  }

  /** How many bytes it has in UTF-8. */
  int bytes() {
    return bytes;
  }

  /** Its UTF-8. */
  InputStream open() {
    return new ByteArrayInputStream(message, start, bytes);
  }

  Reader reader() {
    return new InputStreamReader(open(), StandardCharsets.UTF_8);
  }

  /** What was written in hexadecimal digits from a place on; null if something else was. */
  byte @Nullable [] hex(int from) {
    int digits = bytes - from;
    byte[] read = new byte[digits / 2];
    for (int i = 0; i < read.length; i++) {
      int at = start + from + 2 * i;
      int value = Character.digit(message[at], 16) << 4 | Character.digit(message[at + 1], 16);
      if (value < 0) {
        return null;
      }
      read[i] = (byte) value;
    }
    return digits % 2 == 0 ? read : null;
  }

  boolean startsWith(String ascii) {
    byte[] prefix = ascii.getBytes(StandardCharsets.US_ASCII);
    return bytes >= prefix.length
        && Arrays.equals(message, start, start + prefix.length, prefix, 0, prefix.length);
  }

  /** How many characters it has; counts them. */
  @Override
  public int length() {
    int length = 0;
    for (int i = start; i < start + bytes; i++) {
      if ((message[i] & 0xC0) != 0x80) { // not one of the further bytes of a character
        length += (message[i] & 0xF8) == 0xF0 ? 2 : 1; // four bytes are a surrogate pair
      }
    }
    return length;
  }

  @Override
  public char charAt(int index) {
    return toString().charAt(index);
  }

  @Override
  public CharSequence subSequence(int from, int to) {
    return toString().subSequence(from, to);
  }

  /** The same bytes; a {@code String} of the same letters is another thing. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof LargeText text
        && Arrays.equals(
            message, start, start + bytes, text.message, text.start, text.start + text.bytes);
  }

  /** That of the {@code String}. */
  @Override
  public int hashCode() {
    try (Reader letters = reader()) {
      int hash = 0;
      for (int letter = letters.read(); letter >= 0; letter = letters.read()) {
        hash = 31 * hash + letter;
      }
      return hash;
    } catch (IOException e) {
      throw new UncheckedIOException("bytes in memory cannot fail to be read", e);
    }
  }

  @Override
  public String toString() {
    return new String(message, start, bytes, StandardCharsets.UTF_8);
  }
}

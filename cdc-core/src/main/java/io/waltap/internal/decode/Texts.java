package io.waltap.internal.decode;

import java.nio.charset.StandardCharsets;

/**
 * Makes the texts of one message of the server, and counts what they take of the heap. Texts of a
 * large message stay what they are, bytes of that message, until somebody asks for one: else the
 * value would be there twice, and where there is just room for it, an application that has no use
 * for it could not read past it.
 */
public final class Texts {

  /** From this size on a message is kept for the sake of its large texts. */
  static final int LARGE_MESSAGE = 1 << 20;

  /** From this length on a text of such a message is large. Small ones would hold all of it. */
  static final int LARGE_TEXT = 1 << 16;

  /** A {@code String}, its array's header, and the reference to it. */
  private static final int STRING = 48;

  private final byte[] message;
  private final int origin;
  private long strings;
  private boolean kept;

  /**
   * @param message in UTF-8; not to be changed where texts were made of it
   * @param origin which place in it is 0
   */
  public Texts(byte[] message, int origin) {
    this.message = message;
    this.origin = origin;
  }

  /** The text that lies there: a {@code String} or, if it is large, one that becomes it. */
  public CharSequence text(int start, int length) {
    if (length >= LARGE_TEXT && message.length >= LARGE_MESSAGE) {
      kept = true;
      return new LargeText(message, origin + start, length);
    }
    String text = new String(message, origin + start, length, StandardCharsets.UTF_8);
    strings += STRING + letters(text.length(), length);
    return text;
  }

  // All letters in ASCII take a byte each; if one is not, they may take two each.
  private static long letters(int count, int bytes) {
    return count == bytes ? count : 2L * count;
  }

  /** What all of them take, about. */
  public long heapBytes() {
    return strings + (kept ? message.length : 0);
  }
}

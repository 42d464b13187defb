package io.waltap.event;

/**
 * A position in PostgreSQL's write-ahead log, compared as an unsigned 64-bit number and written as
 * the server writes it, for example {@code 16/B374D848}.
 *
 * @param value the position in bytes since the start of the log, unsigned
 */
public record Lsn(long value) implements Comparable<Lsn> {

  /**
   * Reads the server's notation.
   *
   * @param text two hexadecimal numbers of at most eight digits with a slash between them
   * @throws IllegalArgumentException if {@code text} is anything else
   */
  public static Lsn parse(String text) {
    int slash = text.indexOf('/');
    try {
      long high = Integer.parseUnsignedInt(text, 0, Math.max(slash, 0), 16);
      long low = Integer.parseUnsignedInt(text, slash + 1, text.length(), 16);
      return new Lsn((high << 32) | (low & 0xFFFF_FFFFL));
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IllegalArgumentException("not an LSN such as 16/B374D848: '" + text + "'", e);
    }
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(value, other.value);
  }

  /** The server's notation, as {@code pg_lsn} prints it. */
  @Override
  public String toString() {
    return Integer.toHexString((int) (value >>> 32)).toUpperCase(java.util.Locale.ROOT)
        + "/"
        + Integer.toHexString((int) value).toUpperCase(java.util.Locale.ROOT);
  }
}

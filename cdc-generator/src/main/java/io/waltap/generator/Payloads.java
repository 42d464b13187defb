package io.waltap.generator;

import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Texts that do not compress, so that those beyond some 2,000 characters really are stored apart
 * from their row. Cut out of one long text: drawing each letter would be slower than the server.
 */
final class Payloads {

  private static final int SPARE = 1 << 16;
  private static final int FIRST_LETTER = '0';
  private static final int LETTERS = 'z' - '0' + 1;

  private final @Nullable Range length;
  private final Random random;
  private final String text;

  /** None if there is no length: then every payload is empty, and costs no draw. */
  Payloads(@Nullable Range length, Random random) {
    this.length = length;
    this.random = random;
    this.text = length == null ? "" : text(length.most() + SPARE);
  }

  private static String text(int length) {
    return new Random(length)
        .ints(length, FIRST_LETTER, FIRST_LETTER + LETTERS)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  String next() {
    if (length == null) {
      return "";
    }
    int begin = random.nextInt(SPARE);
    return text.substring(begin, begin + length.draw(random));
  }
}

package io.waltap.internal.decode;

/** Reads one Java form of a value from the server's text for it. */
@FunctionalInterface
interface Conversion {

  /**
   * The value.
   *
   * @throws UnreadableException if the text has no such form, saying why
   * @throws RuntimeException any other if the text has no such form; its message is not passed on,
   *     since it may quote the value
   */
  Object read(String text);

  /** The same for a large text, without making a {@code String} of it if that can be. */
  default Object read(LargeText text) {
    return read(text.toString());
  }
}

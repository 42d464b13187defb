package io.waltap.offset;

import java.io.IOException;
import java.util.Optional;

/**
 * Keeps the position of one engine. The engine calls it from one thread at a time and opens it
 * once.
 *
 * <p>The server is told of a position only after {@link #save} returned, and then forgets what lies
 * before it: a store must not return before the offset is durable. Messages name a store by its
 * {@code toString()}.
 */
public interface OffsetStore extends AutoCloseable {

  /**
   * Makes sure that this process alone may use the store and that it can be written, and reads it.
   *
   * @return the stored offset, or empty if nothing was ever stored
   * @throws IOException if the store cannot be read or written, holds something unreadable, or
   *     belongs to another running engine; the message names the store and says what to do
   */
  Optional<Offset> open() throws IOException;

  /**
   * Reads the stored offset without opening the store: nothing is locked or written, and another
   * engine may be using it. For checks; a start goes by {@link #open}.
   *
   * @throws UnsupportedOperationException if the store cannot do that, as it is by default
   * @throws IOException if the store cannot be read or holds something unreadable
   */
  default Optional<Offset> peek() throws IOException {
    throw new UnsupportedOperationException(this + " is read only when it is opened");
  }

  /**
   * Replaces the stored offset. When this returns, the offset survives a crash of the process.
   *
   * @throws IOException if it was not stored; the previous offset is then still there. The engine
   *     tries again until it is, unless the cause is an {@code SQLException} that will not pass
   * @throws IllegalStateException if the store belongs to another engine by now; this one ends
   */
  void save(Offset offset) throws IOException;

  /** Lets another engine use the store. */
  @Override
  void close() throws IOException;
}

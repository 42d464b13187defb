package io.waltap.offset;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Forgets with the process. For tests and throw-away slots: a new process that finds the old slot
 * and no offset refuses to start rather than guess.
 */
public final class InMemoryOffsetStore implements OffsetStore {

  private volatile @Nullable Offset offset;

  @Override
  public Optional<Offset> open() {
    return Optional.ofNullable(offset);
  }

  @Override
  public Optional<Offset> peek() {
    return open();
  }

  @Override
  public void save(Offset offset) {
    this.offset = offset;
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return "the offset store in memory";
  }
}

package io.waltap.internal.engine;

import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Writes down what it is told; the disk may be full. */
final class FakeStore implements OffsetStore {

  private final List<String> log;
  volatile boolean diskFull;

  /**
   * @param log may be that of a {@link FakeChangeSource}, so that the order of the two shows
   */
  FakeStore(List<String> log) {
    this.log = log;
  }

  @Override
  public Optional<Offset> open() {
    return Optional.empty();
  }

  @Override
  public void save(Offset offset) throws IOException {
    if (diskFull) {
      throw new IOException("no space left");
    }
    log.add("save " + offset.lsn());
  }

  @Override
  public void close() {
    log.add("close store");
  }
}

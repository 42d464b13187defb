package io.waltap.chaos;

import io.waltap.generator.audit.DeliveryRecorder;
import io.waltap.offset.Offset;
import io.waltap.offset.OffsetStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Saves a position only when what it claims to be delivered is on the disk; and finds the disk full
 * as long as a certain file exists.
 */
final class CarefulOffsets implements OffsetStore {

  private final OffsetStore store;
  private final DeliveryRecorder recorder;
  private final TransactionNotes notes;
  private final Path diskFull;

  CarefulOffsets(
      OffsetStore store, DeliveryRecorder recorder, TransactionNotes notes, Path diskFull) {
    this.store = store;
    this.recorder = recorder;
    this.notes = notes;
    this.diskFull = diskFull;
  }

  @Override
  public Optional<Offset> open() throws IOException {
    return store.open();
  }

  @Override
  public void save(Offset offset) throws IOException {
    if (Files.exists(diskFull)) {
      throw new IOException("No space left on device");
    }
    recorder.force();
    notes.force();
    store.save(offset);
  }

  @Override
  public void close() throws IOException {
    store.close();
  }

  @Override
  public String toString() {
    return store.toString();
  }
}

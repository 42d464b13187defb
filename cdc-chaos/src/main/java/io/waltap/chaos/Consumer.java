package io.waltap.chaos;

import io.waltap.CdcEngine;
import io.waltap.config.CdcConfig;
import io.waltap.generator.audit.DeliveryRecorder;
import io.waltap.listener.EngineState;
import io.waltap.offset.FileOffsetStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The process that is tormented: an engine that writes down all it is given. */
final class Consumer {

  static final int FAILED = 3;
  static final int NOT_STARTED = 4;

  /** Before the name of a state. */
  static final String STATE = "STATE ";

  /** The rows of a snapshot begin to come. */
  static final String READING = "READING";

  /** From here on it stops in good order when it is told to. */
  static final String READY = "READY";

  /** Before the reason why it ends by itself. */
  static final String FAILURE = "FAILURE ";

  private final CdcConfig config;
  private final ConsumerFiles files;
  private final DeliveryRecorder recorder;
  private final TransactionNotes notes;
  private final SnapshotNotes snapshot;

  private Consumer(
      CdcConfig config, ConsumerFiles files, DeliveryRecorder recorder, TransactionNotes notes) {
    this.config = config;
    this.files = files;
    this.recorder = recorder;
    this.notes = notes;
    this.snapshot = new SnapshotNotes(files.snapshot(), () -> System.out.println(READING));
  }

  /** URL, user, password, slot, folder. */
  public static void main(String[] args) throws Exception {
    ParentWatch.start();
    CdcConfig config = EngineProcess.config(args);
    ConsumerFiles files = new ConsumerFiles(Path.of(args[4]));
    try (DeliveryRecorder recorder = DeliveryRecorder.open(files.recording());
        TransactionNotes notes = new TransactionNotes(files.notes())) {
      System.exit(EngineProcess.run(new Consumer(config, files, recorder, notes).engine()));
    }
  }

  private CdcEngine.Builder engine() {
    return CdcEngine.builder(config)
        .listenAll(
            change -> {
              recorder.onChange(change);
              notes.onChange(change);
              snapshot.onChange(change);
            })
        .onMessage(TransactionNotes.PREFIX, notes)
        .onState(this::onState)
        .offsets(
            new CarefulOffsets(
                new FileOffsetStore(files.offset()), recorder, notes, files.diskFull()));
  }

  private void onState(EngineState from, EngineState to, @Nullable Throwable failure) {
    try {
      if (to == EngineState.SNAPSHOTTING) {
        snapshot.begin();
      } else {
        snapshot.end();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    System.out.println(STATE + to);
  }
}

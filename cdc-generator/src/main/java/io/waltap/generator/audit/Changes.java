package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.TableId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The streamed changes of a recording since the round began, a batch at a time. */
final class Changes implements Closeable {

  private static final int BATCH = 5_000;
  private static final int BATCH_CHARACTERS = 8_000_000;

  private final Recording reader;
  private final Lsn began;
  private final Tally tally;
  private final Snapshot snapshot;
  private final Predicate<TableId> noted;
  private boolean restarted;
  private @Nullable Delivered last;

  /**
   * @param noted whether the ledger notes a table
   */
  Changes(Path recording, Lsn began, Tally tally, Snapshot snapshot, Predicate<TableId> noted)
      throws IOException {
    this.reader = Recording.open(recording);
    this.began = began;
    this.tally = tally;
    this.snapshot = snapshot;
    this.noted = noted;
  }

  /**
   * A change with its part in the delivery of its transaction.
   *
   * @param begins whether a delivery of a transaction begins with it
   */
  record Step(Delivered change, boolean begins) {}

  /** The next steps, none after the last. */
  List<Step> next() throws IOException {
    List<Step> batch = new ArrayList<>();
    long end = reader.characters() + BATCH_CHARACTERS;
    Delivered change = reader.next();
    while (change != null) {
      restarted |= change.restarted();
      if (change.operation() == Operation.READ) {
        read(change);
      } else if (change.lsn().compareTo(began) >= 0) {
        if (noted.test(change.table())) {
          batch.add(step(change));
        } else {
          tally.unjudged++;
        }
      }
      // An empty batch would mean the end, however many rows of a snapshot were passed over.
      if (batch.size() == BATCH || (!batch.isEmpty() && reader.characters() > end)) {
        break;
      }
      change = reader.next();
    }
    return batch;
  }

  private void read(Delivered row) {
    tally.snapshotRows++;
    if (row.lsn().compareTo(began) >= 0) {
      snapshot.read(row);
    }
  }

  private Step step(Delivered change) {
    Delivered counted = restarted == change.restarted() ? change : change.afterRestart();
    tally.delivered++;
    tally.restarts += restarted && last != null ? 1 : 0;
    Step step = new Step(counted, begins(counted));
    restarted = false;
    last = counted;
    return step;
  }

  // After a restart within a transaction, an engine may go on with the change that was next.
  private boolean begins(Delivered change) {
    return last == null
        || last.transaction() != change.transaction()
        || !last.lsn().equals(change.lsn())
        || (change.restarted() && change.order() <= last.order());
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}

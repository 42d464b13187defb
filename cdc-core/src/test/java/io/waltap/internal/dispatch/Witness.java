package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Lsn;
import io.waltap.event.Transaction;
import io.waltap.internal.dispatch.FakeWal.Change;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Watches what one listener is called with, and compares it with what a listener would see that is
 * called with one change after the other. Any thread.
 */
final class Witness {

  private record Handed(int pieces, int messages) {
    static final Handed NOTHING = new Handed(0, 0);
  }

  private final String name;
  private final FakeWal wal;
  private final HeapParking parking;
  private final Predicate<Change> wanted;
  private final int atOnce;
  private final boolean keyed;
  private final BitSet settled = new BitSet();
  private final Map<Long, Handed> handed = new HashMap<>();
  private @Nullable Transaction piece;
  private int calls;
  private int accepted;

  /**
   * @param wanted which changes it wants
   * @param atOnce how many calls there may be at a time
   * @param keyed whether only changes of one key are in order
   */
  Witness(
      String name,
      FakeWal wal,
      HeapParking parking,
      Predicate<Change> wanted,
      int atOnce,
      boolean keyed) {
    this.name = name;
    this.wal = wal;
    this.parking = parking;
    this.wanted = wanted;
    this.atOnce = atOnce;
    this.keyed = keyed;
  }

  List<Change> changes(List<? extends ChangeEvent<?>> events) {
    return events.stream().map(event -> wal.at(event.metadata().lsn())).toList();
  }

  /** It is called. */
  synchronized void begin(List<Change> changes) {
    calls++;
    Flaw.unless(calls <= atOnce, "%s is called %d times at once", name, calls);
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      Flaw.unless(wanted.test(change), "%s does not want %s", name, change);
      Flaw.unless(!isSettled(change), "%s gets once more %s", name, change);
      Flaw.unless(!parking.isBehind(name, change), "%s gets, not parked, %s", name, change);
      for (int j = 0; j < change.number(); j++) {
        Change before = wal.changes().get(j);
        Flaw.unless(
            !isFirst(before, change) || changes.subList(0, i).contains(before),
            "%s gets %s without %s",
            name,
            change,
            before);
      }
    }
  }

  private boolean isFirst(Change before, Change change) {
    return wanted.test(before) && !isSettled(before) && (!keyed || change.isBoundTo(before));
  }

  private boolean isSettled(Change change) {
    return settled.get(change.number());
  }

  synchronized void begin(Transaction called, int most) {
    List<Change> changes = changes(called.changes());
    begin(changes);
    piece = called;
    long id = id(called);
    Handed before = handed.getOrDefault(id, Handed.NOTHING);
    Flaw.unless(called.piece() == before.pieces() + 1, "%s: %s after %s", name, called, before);
    Flaw.unless(changes.size() + called.messages().size() <= most, "%s: %s", name, called);
    Flaw.unless(
        changes.stream().allMatch(change -> change.transaction() == id), "%s: %s", name, called);
  }

  private static long id(Transaction transaction) {
    Long id = transaction.id();
    return id == null ? 0 : id;
  }

  /** The call returned, or threw. */
  synchronized void end() {
    calls--;
  }

  /** It accepted what it was called with. */
  synchronized void accept(List<Change> changes) {
    accepted += changes.size();
    settle(changes);
  }

  /** How many changes it accepted since the last start. */
  synchronized int accepted() {
    return accepted;
  }

  /** They need not come again. */
  synchronized void settle(List<Change> changes) {
    for (Change change : changes) {
      Flaw.unless(!isSettled(change), "%s already had %s", name, change);
      settled.set(change.number());
    }
    if (piece != null) {
      settle(piece);
      piece = null;
    }
  }

  private void settle(Transaction done) {
    long id = id(done);
    Handed before = handed.getOrDefault(id, Handed.NOTHING);
    Handed now = new Handed(before.pieces() + 1, before.messages() + done.messages().size());
    handed.put(id, now);
    boolean complete =
        now.messages() == wal.messages(id)
            && wal.changes().stream()
                .allMatch(
                    each -> each.transaction() != id || !wanted.test(each) || isSettled(each));
    Flaw.unless(done.last() == complete, "%s: %s is the last one: %s", name, done, done.last());
  }

  /** The engine starts anew. */
  synchronized void restart(@Nullable Lsn stored) {
    calls = 0;
    accepted = 0;
    forget(stored);
  }

  /** What lies behind a position comes again. */
  synchronized void forget(@Nullable Lsn stored) {
    piece = null;
    handed.keySet().removeIf(id -> stored == null || wal.end(id).compareTo(stored) > 0);
    for (Change change : wal.changes()) {
      if (stored == null || change.end().compareTo(stored) > 0) {
        settled.clear(change.number());
      }
    }
  }

  /** Nothing that it wants lies undone before a position. */
  synchronized void reached(Lsn position) {
    for (Change change : wal.changes()) {
      Flaw.unless(
          change.end().compareTo(position) > 0 || !wanted.test(change) || isSettled(change),
          "the position is %s, but %s has not had %s",
          position,
          name,
          change);
    }
  }
}

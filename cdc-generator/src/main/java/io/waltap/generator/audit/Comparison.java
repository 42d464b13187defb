package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Defect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Compares one delivery of a transaction with the ledger, change by change. As long as both agree,
 * nothing is kept; where they do not, a window of each is looked through for what belongs together.
 */
final class Comparison {

  private static final int WINDOW = 500;

  /** Where triggers make changes, a whole statement may lie between two that belong together. */
  private static final int NESTED_WINDOW = 20_000;

  /** The ledger's changes of the transaction, one after the other, null after the last. */
  interface Source {
    @Nullable Expected next() throws SQLException;
  }

  private final Verdict verdict;
  private final Tally tally;
  private final Source source;
  private final List<Expected> ahead = new ArrayList<>();
  private final List<Delivered> waiting = new ArrayList<>();
  private final List<Expected> recent = new ArrayList<>();
  private boolean exhausted;
  private boolean nested;
  private long delivered;

  Comparison(Verdict verdict, Tally tally, Source source) {
    this.verdict = verdict;
    this.tally = tally;
    this.source = source;
  }

  /** How many changes were delivered. */
  long delivered() {
    return delivered;
  }

  void accept(Delivered change) throws SQLException {
    delivered++;
    if (waiting.isEmpty()) {
      Expected truth = peek();
      if (truth != null && verdict.same(truth, change)) {
        matched(0);
        return;
      }
    }
    waiting.add(change);
    if (waiting.size() >= window()) {
      resolveFirst();
    }
  }

  /**
   * Ends the delivery.
   *
   * @return the changes that the ledger has after the last one that was delivered
   */
  Rest finish() throws SQLException {
    while (!waiting.isEmpty()) {
      resolveFirst();
    }
    Expected first = peek();
    long count = ahead.size();
    if (first != null) {
      while (source.next() != null) {
        count++;
      }
    }
    return new Rest(count, first);
  }

  /**
   * What was not delivered of the end of a transaction.
   *
   * @param first the first such change, null if there is none
   */
  record Rest(long count, @Nullable Expected first) {}

  private int window() {
    return nested ? NESTED_WINDOW : WINDOW;
  }

  private @Nullable Expected peek() throws SQLException {
    if (ahead.isEmpty()) {
      fill(1);
    }
    return ahead.isEmpty() ? null : ahead.get(0);
  }

  private void fill(int size) throws SQLException {
    while (!exhausted && ahead.size() < size) {
      Expected next = source.next();
      if (next == null) {
        exhausted = true;
      } else {
        nested |= next.nested();
        ahead.add(next);
      }
    }
  }

  private void matched(int index) {
    if (recent.size() >= WINDOW) {
      recent.subList(0, WINDOW / 2).clear();
    }
    recent.add(ahead.remove(index));
  }

  private void resolveFirst() throws SQLException {
    fill(window());
    Delivered change = waiting.get(0);
    int place = indexOf(ahead, truth -> verdict.same(truth, change));
    if (place == 0) {
      take(0);
    } else if (place > 0) {
      passOver(change, place);
    } else if (indexOf(recent, truth -> verdict.same(truth, change)) >= 0) {
      waiting.remove(0);
      tally.found(Defect.DUPLICATE, () -> change + " was delivered twice.");
    } else {
      resolveStranger(change);
    }
  }

  private void take(int place) {
    matched(place);
    waiting.remove(0);
  }

  /** The change stands further on in the ledger: what stands before it comes later, or never. */
  private void passOver(Delivered change, int place) {
    Expected first = ahead.get(0);
    if (indexOf(waiting, later -> verdict.same(first, later)) < 0) {
      ahead.remove(0);
      tally.found(Defect.MISSING, () -> first + " was not delivered.");
    } else {
      if (!nested || indexOf(ahead.subList(0, place), t -> verdict.sameKey(t, change)) >= 0) {
        tally.found(Defect.REORDERED, () -> change + " was delivered before " + first + ".");
      }
      take(place);
    }
  }

  /** The ledger has no such change: it is another one with a wrong value, or there was none. */
  private void resolveStranger(Delivered change) {
    int place = indexOf(ahead, truth -> verdict.sameRow(truth, change));
    if (place < 0 && isInsteadOfFirst(change)) {
      place = 0;
    }
    waiting.remove(0);
    if (place < 0) {
      tally.found(Defect.PHANTOM, () -> change + " was delivered, but never committed.");
      return;
    }
    Expected truth = ahead.get(place);
    matched(place);
    tally.found(Defect.ALTERED, () -> truth + ": " + verdict.explain(truth, change) + ".");
  }

  private boolean isInsteadOfFirst(Delivered change) {
    if (ahead.isEmpty()) {
      return false;
    }
    Expected first = ahead.get(0);
    return first.operation() == change.operation()
        && first.shape().table().equals(change.table())
        && indexOf(waiting, later -> verdict.same(first, later)) < 0
        && ahead.size() <= waiting.size();
  }

  private static <T> int indexOf(List<T> list, Predicate<T> wanted) {
    for (int i = 0; i < list.size(); i++) {
      if (wanted.test(list.get(i))) {
        return i;
      }
    }
    return -1;
  }
}

package io.waltap.generator.audit;

import io.waltap.generator.audit.AuditReport.Defect;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Compares one delivery of a transaction with the ledger, change by change. As long as both agree,
 * nothing is kept; where they do not, a window of each is looked through for what belongs together.
 */
final class Comparison {

  private static final int NEAR = 500;

  /**
   * How far apart two that belong together may be: a consumer may lose a batch, and where triggers
   * make changes, a whole statement may lie between.
   */
  private static final int FAR = 20_000;

  /** The ledger's changes of the transaction, one after the other, null after the last. */
  interface Source {
    @Nullable Expected next() throws SQLException;
  }

  private final Verdict verdict;
  private final Tally tally;
  private final Source source;
  private final Window ahead = new Window();
  private final List<Delivered> waiting = new ArrayList<>();
  private final Window recent = new Window();

  /** What was passed over; it may still come. */
  private final Window late = new Window();

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
    while (waiting.size() >= window()) {
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
    missing(late.size());
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
    return nested ? FAR : NEAR;
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
    if (recent.size() >= FAR) {
      recent.removeFirst(FAR / 2);
    }
    recent.add(ahead.remove(index));
  }

  private void resolveFirst() throws SQLException {
    fill(window());
    Delivered change = waiting.get(0);
    int place = place(ahead, change);
    if (place < 0) {
      fill(FAR);
      place = place(ahead, change);
    }
    if (place == 0) {
      take(0);
    } else if (place > 0) {
      passOver(change, place);
    } else {
      resolveOther(change);
    }
  }

  private int place(Window window, Delivered change) {
    return window.place(change, truth -> verdict.same(truth, change));
  }

  /** The ledger does not have the change any more, or it never had. */
  private void resolveOther(Delivered change) {
    int place = place(late, change);
    if (place >= 0) {
      recent.add(late.remove(place));
      waiting.remove(0);
      tally.found(Defect.REORDERED, () -> change + " was delivered after later ones.");
    } else if (place(recent, change) >= 0) {
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
    if (!isWaiting(first)) {
      if (late.size() >= FAR) {
        missing(FAR / 2);
      }
      late.add(ahead.remove(0));
    } else {
      if (!nested || ahead.place(change, t -> verdict.sameKey(t, change)) < place) {
        tally.found(Defect.REORDERED, () -> change + " was delivered before " + first + ".");
      }
      take(place);
    }
  }

  private void missing(int count) {
    for (Expected change : late.removeFirst(count)) {
      tally.found(Defect.MISSING, () -> change + " was not delivered.");
    }
  }

  /** The ledger has no such change: it is another one with a wrong value, or there was none. */
  private void resolveStranger(Delivered change) {
    int place = ahead.place(change, truth -> verdict.sameRow(truth, change));
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
        && !isWaiting(first)
        && nothingIsBetween();
  }

  /** Whether the ledger has no more before the next one that both have than was delivered. */
  private boolean nothingIsBetween() {
    for (int i = 1; i < waiting.size(); i++) {
      int place = place(ahead, waiting.get(i));
      if (place >= 0) {
        return place <= i;
      }
    }
    return ahead.size() <= waiting.size();
  }

  private boolean isWaiting(Expected change) {
    return waiting.stream().anyMatch(later -> verdict.same(change, later));
  }
}

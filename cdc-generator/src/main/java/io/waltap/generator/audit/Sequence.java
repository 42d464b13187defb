package io.waltap.generator.audit;

import io.waltap.event.Lsn;
import java.util.Arrays;

/** In which order transactions were delivered. */
final class Sequence {

  /** What a delivery of a transaction is, by its place among the others. */
  enum Place {
    /** The transaction is later than all before. */
    NEW,
    /** It had been delivered, and a restart has made the engine begin there again. */
    REPEATED,
    /** It had been delivered, and there is no reason to deliver it again. */
    DUPLICATE,
    /** It comes after one that committed later, or a repetition has left one out. */
    REORDERED
  }

  private final boolean exactlyOnce;
  private long[] commits = new long[1024];
  private int count;
  private int next;

  Sequence(boolean exactlyOnce) {
    this.exactlyOnce = exactlyOnce;
  }

  /**
   * Takes the next delivery.
   *
   * @param restarted whether the consumer has started or connected anew since the one before
   */
  Place add(Lsn commit, boolean restarted) {
    int index = Arrays.binarySearch(commits, 0, count, commit.value());
    boolean repeating = next < count;
    if (index == -count - 1) {
      append(commit.value());
      return repeating ? Place.REORDERED : Place.NEW;
    }
    if (index < 0) {
      return Place.REORDERED;
    }
    if (exactlyOnce || !(restarted || repeating)) {
      return Place.DUPLICATE;
    }
    Place place = index == next || (restarted && index < next) ? Place.REPEATED : Place.REORDERED;
    next = index + 1;
    return place;
  }

  private void append(long commit) {
    if (count == commits.length) {
      commits = Arrays.copyOf(commits, 2 * count);
    }
    commits[count] = commit;
    count++;
    next = count;
  }
}

package io.waltap.generator;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/** Rows that an update or a delete may choose from. Bounded, for workloads that run for days. */
final class WrittenRows<T> {

  private final int most;
  private final Random random;
  private final List<T> rows = new ArrayList<>();

  WrittenRows(int most, Random random) {
    this.most = most;
    this.random = random;
  }

  boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Remembers a row; when there are enough, in place of any other. */
  void add(T row) {
    if (rows.size() < most) {
      rows.add(row);
    } else {
      rows.set(random.nextInt(most), row);
    }
  }

  /** Takes any row out. */
  T take() {
    int last = rows.size() - 1;
    int chosen = random.nextInt(rows.size());
    T row = rows.get(chosen);
    rows.set(chosen, rows.get(last));
    rows.remove(last);
    return row;
  }

  void forget(Predicate<? super T> which) {
    rows.removeIf(which);
  }
}

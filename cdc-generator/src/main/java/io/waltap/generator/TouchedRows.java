package io.waltap.generator;

import java.util.HashSet;
import java.util.Set;

/**
 * The keys that the open transaction has touched: after a rollback nobody knows what those rows
 * hold. Bounded, for transactions of millions of rows: of too many keys it says that it has all.
 */
final class TouchedRows {

  static final int MOST = 10_000;

  private final Set<String> keys = new HashSet<>();
  private boolean all;

  void add(String key) {
    if (!all) {
      keys.add(key);
      all = keys.size() > MOST;
    }
    if (all) {
      keys.clear();
    }
  }

  boolean contains(String key) {
    return all || keys.contains(key);
  }

  /** How many keys are held. */
  int size() {
    return keys.size();
  }

  /** The next transaction begins. */
  void clear() {
    all = false;
    keys.clear();
  }
}

package io.waltap.generator;

/** How many rows were inserted, updated and deleted by transactions that committed. */
public record Totals(long inserts, long updates, long deletes) {

  /** Nothing yet. */
  public static final Totals NONE = new Totals(0, 0, 0);

  /** All operations together. */
  public long all() {
    return inserts + updates + deletes;
  }

  Totals plus(Totals more) {
    return new Totals(inserts + more.inserts, updates + more.updates, deletes + more.deletes);
  }
}

package io.waltap.generator.audit;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** A set of transaction ids, small where they lie close together, as they do. */
final class Transactions {

  private static final int BITS = 16;

  private final Map<Long, BitSet> chunks = new HashMap<>();

  void add(long transaction) {
    chunks
        .computeIfAbsent(transaction >>> BITS, chunk -> new BitSet(1 << BITS))
        .set((int) transaction & ((1 << BITS) - 1));
  }

  boolean contains(long transaction) {
    BitSet chunk = chunks.get(transaction >>> BITS);
    return chunk != null && chunk.get((int) transaction & ((1 << BITS) - 1));
  }
}

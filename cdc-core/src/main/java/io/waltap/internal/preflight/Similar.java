package io.waltap.internal.preflight;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** Finds what somebody may have meant: another case, or up to two slips of the pen. */
final class Similar {

  private static final int SLIPS = 2;

  private Similar() {}

  /** The candidates that are like {@code name}, in their order. */
  static List<String> to(String name, Collection<String> candidates) {
    return candidates.stream().filter(candidate -> alike(name, candidate)).toList();
  }

  static boolean alike(String name, String candidate) {
    String a = name.toLowerCase(Locale.ROOT);
    String b = candidate.toLowerCase(Locale.ROOT);
    // Two slips in a short word make any other short word.
    int slips = Math.min(SLIPS, Math.min(a.length(), b.length()) / 2);
    return Math.abs(a.length() - b.length()) <= slips && distance(a, b) <= slips;
  }

  /** Levenshtein's: how many characters to insert, delete or replace. */
  private static int distance(String a, String b) {
    int[] above = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      above[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] row = new int[b.length() + 1];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = above[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, 1 + Math.min(above[j], row[j - 1]));
      }
      above = row;
    }
    return above[b.length()];
  }
}

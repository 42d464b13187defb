package io.waltap.generator;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * How often each operation is chosen, as weights: {@code new Mix(70, 20, 10)} means 70 inserts and
 * 20 updates for 10 deletes in the long run.
 */
public record Mix(int insert, int update, int delete) {

  /** 70 inserts, 20 updates, 10 deletes. */
  public static final Mix DEFAULT = new Mix(70, 20, 10);

  private static final Set<String> OPERATIONS = Set.of("insert", "update", "delete");
  private static final String REMEDY = "write it like insert=70,update=20,delete=10.";

  /** Which statement comes next. */
  enum Operation {
    INSERT,
    UPDATE,
    DELETE
  }

  /**
   * @throws IllegalArgumentException if a weight is negative or all are 0
   */
  public Mix {
    if (insert < 0 || update < 0 || delete < 0) {
      throw new IllegalArgumentException("A weight of the mix is negative: " + REMEDY);
    }
    if ((long) insert + update + delete == 0) {
      throw new IllegalArgumentException("All weights of the mix are 0: " + REMEDY);
    }
  }

  /**
   * Reads the form {@code insert=70,update=20,delete=10}; an operation that is left out has weight
   * 0.
   *
   * @throws IllegalArgumentException if the text has another form
   */
  public static Mix parse(String text) {
    Map<String, Integer> weights = new HashMap<>();
    for (String part : text.split(",", -1)) {
      String[] pair = part.trim().split("=", -1);
      if (pair.length != 2) {
        throw new IllegalArgumentException("'" + part + "' is no part of a mix: " + REMEDY);
      }
      if (!OPERATIONS.contains(pair[0])) {
        throw new IllegalArgumentException("Unknown word '" + pair[0] + "' in the mix: " + REMEDY);
      }
      weights.put(pair[0], weight(pair[1]));
    }
    return new Mix(
        weights.getOrDefault("insert", 0),
        weights.getOrDefault("update", 0),
        weights.getOrDefault("delete", 0));
  }

  private static int weight(String number) {
    try {
      return Integer.parseInt(number);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "'" + number + "' in the mix is not a whole number: " + REMEDY, e);
    }
  }

  Operation choose(Random random) {
    long place = random.nextLong((long) insert + update + delete);
    if (place < insert) {
      return Operation.INSERT;
    }
    return place < (long) insert + update ? Operation.UPDATE : Operation.DELETE;
  }
}

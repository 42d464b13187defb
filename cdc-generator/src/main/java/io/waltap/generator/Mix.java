package io.waltap.generator;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * How often each operation is chosen, as weights: {@code new Mix(70, 20, 10)} means 70 inserts and
 * 20 updates for 10 deletes in the long run.
 *
 * @param key updates that change the primary key
 * @param truncate how often the whole table is emptied, in a transaction of its own
 */
public record Mix(int insert, int update, int delete, int key, int truncate) {

  /** 70 inserts, 20 updates, 10 deletes. */
  public static final Mix DEFAULT = new Mix(70, 20, 10);

  private static final List<String> OPERATIONS =
      List.of("insert", "update", "delete", "key", "truncate");
  private static final String REMEDY = "write it like insert=70,update=20,delete=10.";

  /** Which statement comes next. */
  enum Operation {
    INSERT,
    UPDATE,
    DELETE,
    KEY,
    TRUNCATE
  }

  /**
   * @throws IllegalArgumentException if a weight is negative or all but that of truncate are 0
   */
  public Mix {
    if (insert < 0 || update < 0 || delete < 0 || key < 0 || truncate < 0) {
      throw new IllegalArgumentException("A weight of the mix is negative: " + REMEDY);
    }
    if ((long) insert + update + delete + key == 0) {
      throw new IllegalArgumentException("All weights of the mix are 0: " + REMEDY);
    }
  }

  /**
   * Without changes of keys and truncates.
   *
   * @throws IllegalArgumentException if a weight is negative or all are 0
   */
  public Mix(int insert, int update, int delete) {
    this(insert, update, delete, 0, 0);
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
    int[] all = OPERATIONS.stream().mapToInt(word -> weights.getOrDefault(word, 0)).toArray();
    return new Mix(all[0], all[1], all[2], all[3], all[4]);
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
    int[] weights = {insert, update, delete, key, truncate};
    long place = random.nextLong((long) insert + update + delete + key + truncate);
    int chosen = 0;
    while (place >= weights[chosen]) {
      place -= weights[chosen];
      chosen++;
    }
    return Operation.values()[chosen];
  }
}

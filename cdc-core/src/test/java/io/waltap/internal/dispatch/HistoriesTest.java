package io.waltap.internal.dispatch;

import static org.assertj.core.api.Assertions.fail;

import org.junit.jupiter.api.Test;

/**
 * Plays made-up histories and compares what every listener sees with what it would see if changes
 * were delivered one after the other: keys in order, no position beyond undone work, nothing lost,
 * nothing twice without a crash.
 *
 * <p>More of them: {@code -Dhistories=5000000}. One of them again: {@code -Dhistory=4711}.
 */
class HistoriesTest {

  private static final long HISTORIES = Long.getLong("histories", 100_000);

  @Test
  void everyHistoryIsDeliveredAsIfByOneThread() {
    Long one = Long.getLong("history");
    if (one != null) {
      play(one);
      return;
    }
    for (long seed = 1; seed <= HISTORIES; seed++) {
      play(seed);
    }
  }

  private static void play(long seed) {
    try {
      new Trial(seed, false).play();
    } catch (RuntimeException e) {
      retell(seed);
      throw e; // it went well when it was told
    }
  }

  private static void retell(long seed) {
    Trial trial = new Trial(seed, true);
    try {
      trial.play();
    } catch (RuntimeException e) {
      String story = String.join("\n", trial.story());
      fail("%s%nin the history of -Dhistory=%d:%n%s".formatted(e.getMessage(), seed, story), e);
    }
  }
}

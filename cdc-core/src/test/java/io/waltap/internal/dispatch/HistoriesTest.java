package io.waltap.internal.dispatch;

import static org.assertj.core.api.Assertions.fail;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Plays made-up histories and compares what every listener sees with what it would see if changes
 * were delivered one after the other: keys in order, no position beyond undone work, nothing lost,
 * nothing twice without a crash.
 *
 * <p>On one thread an order of events that a seed decides, and can be had again; fewer on several
 * threads.
 *
 * <p>More of them: {@code -Dhistories=5000000}. One of them again: {@code -Dhistory=4711}.
 */
class HistoriesTest {

  private static final long HISTORIES = Long.getLong("histories", 100_000);
  private static final long RACES = HISTORIES / 200;

  /** Warns of each of the many failures that histories are made of. */
  private final Logger caller = (Logger) LoggerFactory.getLogger(Caller.class);

  @BeforeEach
  void hush() {
    caller.setLevel(Level.ERROR);
  }

  @AfterEach
  void speak() {
    caller.setLevel(null);
  }

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

  @Test
  void everyRaceIsDeliveredAsIfByOneThread() throws InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      for (long seed = 1; seed <= RACES; seed++) {
        race(seed, threads);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void race(long seed, ExecutorService threads) throws InterruptedException {
    try {
      new Race(seed, threads).play();
    } catch (Flaw e) {
      fail("%s%nin race %d".formatted(e.getMessage(), seed), e);
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

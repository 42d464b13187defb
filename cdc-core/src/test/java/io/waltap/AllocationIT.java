package io.waltap;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.waltap.event.Lsn;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * What an engine costs, in bytes that its threads allocate, which no load of the machine changes.
 * An idle engine that looks for something to do again and again allocates an exception each time.
 */
class AllocationIT extends ItemTable {

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private static final Duration IDLE = Duration.ofSeconds(5);
  private static final int ROWS = 20_000;

  @Test
  void anIdleEngineHardlyDoesAnything() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      awaitProcessed(engine);
      Map<Long, Long> before = allocated();
      engine.awaitProcessed(new Lsn(now().value() + (1L << 40)), IDLE); // in vain
      long bytes = since(before);
      System.out.printf("an idle engine allocates %,d bytes a second%n", bytes / IDLE.toSeconds());
      assertThat(bytes / IDLE.toSeconds()).isLessThan(100_000);
    }
  }

  @Test
  void aChangeCostsLittleMoreThanItsTexts() throws Exception {
    try (CdcEngine engine = start(event -> {})) {
      insert(0);
      awaitProcessed(engine);
      Map<Long, Long> before = allocated();
      insert(ROWS);
      awaitProcessed(engine);
      long bytes = since(before) / ROWS;
      System.out.printf("a change costs %,d bytes%n", bytes);
      assertThat(bytes).isLessThan(2_500);
    }
  }

  private void insert(int from) {
    database.execute(
        "INSERT INTO item SELECT i, i, 'a name of it' FROM generate_series(%d, %d) i"
            .formatted(from + 1, from + ROWS));
  }

  private static long since(Map<Long, Long> before) {
    return allocated().entrySet().stream()
        .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
        .sum();
  }

  /** By each thread but this one. */
  private static Map<Long, Long> allocated() {
    Map<Long, Long> byThread = new HashMap<>();
    for (long id : THREADS.getAllThreadIds()) {
      if (id != Thread.currentThread().getId()) {
        byThread.put(id, Math.max(0, THREADS.getThreadAllocatedBytes(id))); // -1 if it has ended
      }
    }
    return byThread;
  }
}

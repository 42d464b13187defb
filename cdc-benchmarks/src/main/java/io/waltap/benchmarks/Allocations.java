package io.waltap.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;

/**
 * What the threads of this JVM allocate, to the byte: {@code
 * com.sun.management.ThreadMXBean.getThreadAllocatedBytes}. A thread that has ended is no longer
 * told of, so this is for the time that an engine runs.
 */
final class Allocations {

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

  private final Map<Long, Long> before;

  private Allocations(Map<Long, Long> before) {
    this.before = before;
  }

  /** From now on. */
  static Allocations now() {
    return new Allocations(byThread());
  }

  /** What has been allocated since then, by threads that still live. */
  long since() {
    return byThread().entrySet().stream()
        .mapToLong(thread -> thread.getValue() - before.getOrDefault(thread.getKey(), 0L))
        .sum();
  }

  private static Map<Long, Long> byThread() {
    long[] ids = THREADS.getAllThreadIds();
    long[] bytes = THREADS.getThreadAllocatedBytes(ids);
    Map<Long, Long> byThread = new HashMap<>();
    for (int i = 0; i < ids.length; i++) {
      byThread.put(ids[i], Math.max(0, bytes[i])); // -1 if it has just ended
    }
    return byThread;
  }
}

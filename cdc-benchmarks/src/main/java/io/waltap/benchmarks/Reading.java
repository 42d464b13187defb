package io.waltap.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

/**
 * What the clocks say at one moment, each in nanoseconds since some time of its own.
 *
 * @param time as it goes by
 * @param threads what all threads of this JVM have worked that run Java: the compiler and the
 *     garbage collector, which come and go, are not among them, nor are threads that have ended
 * @param process what the whole process has worked, to 10 ms
 */
record Reading(long time, long threads, long process) {

  private static final ThreadMXBean THREADS =
      ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
  private static final OperatingSystemMXBean SYSTEM =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  static Reading now() {
    long[] worked = THREADS.getThreadCpuTime(THREADS.getAllThreadIds());
    long threads =
        LongStream.of(worked).filter(nanos -> nanos > 0).sum(); // -1 if it has just ended
    return new Reading(System.nanoTime(), threads, SYSTEM.getProcessCpuTime());
  }
}

package io.waltap.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.util.List;

/**
 * A JVM of its own, with a heap of its own size, in which one candidate receives from one slot.
 * Prints the speed and the peak of the heap in MiB, and ends with 0 if all rows came.
 */
final class HeapChild {

  private HeapChild() {}

  /**
   * Receives.
   *
   * @param args the candidate's name, the URL, the slot, the number of rows
   */
  public static void main(String[] args) throws Exception {
    Candidate candidate = Candidates.named(args[0]);
    RowClock clock = RowClock.of(Long.parseLong(args[3]));
    candidate.receive(new Feed(args[1], args[2], List.of(WorkTable.TRANSACTIONS), false), clock);
    clock.check(candidate);
    System.out.println(clock.rowsPerSecond());
    System.out.println(peakBytes() / 0x1p20);
    System.exit(0); // no thread that a candidate forgot keeps the parent waiting
  }

  /** The sum of what each part of the heap held at most: an upper bound, garbage included. */
  private static long peakBytes() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .map(MemoryPoolMXBean::getPeakUsage)
        .mapToLong(usage -> usage.getUsed())
        .sum();
  }
}

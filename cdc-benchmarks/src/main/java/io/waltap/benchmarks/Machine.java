package io.waltap.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Where and when figures were taken. */
final class Machine {

  private Machine() {}

  /** One line: cores, memory, JDK, PostgreSQL, date. */
  static String describe(String postgresVersion) {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    return String.format(
        Locale.ROOT,
        "%d cores, %.0f GiB of memory (heap at most %.1f GiB), load %.1f, %s %s, JDK %s, "
            + "PostgreSQL %s, %s",
        system.getAvailableProcessors(),
        system.getTotalMemorySize() / 0x1p30,
        Runtime.getRuntime().maxMemory() / 0x1p30,
        system.getSystemLoadAverage(),
        system.getName(),
        system.getArch(),
        Runtime.version(),
        postgresVersion,
        ZonedDateTime.now(ZoneOffset.UTC)
            .format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'")));
  }
}

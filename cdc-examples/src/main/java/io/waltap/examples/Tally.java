package io.waltap.examples;

import io.waltap.event.Operation;
import io.waltap.generator.Totals;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the listener has received, to be held against what was written. */
final class Tally {

  private final Map<Operation, Long> received = new EnumMap<>(Operation.class);
  private final Lags lags = new Lags();

  /** Counts one change; a row of the snapshot has no lag. */
  synchronized void add(Operation operation, @Nullable Duration lag) {
    received.merge(operation, 1L, Long::sum);
    if (lag != null) {
      lags.add(lag);
    }
  }

  synchronized Totals totals() {
    return new Totals(count(Operation.INSERT), count(Operation.UPDATE), count(Operation.DELETE));
  }

  private long count(Operation operation) {
    return received.getOrDefault(operation, 0L);
  }

  /** The comparison, ready to be printed. */
  synchronized String table(Totals written) {
    Totals totals = totals();
    StringBuilder table = new StringBuilder(row("", "written", "received"));
    table.append(row("inserts", written.inserts(), totals.inserts()));
    table.append(row("updates", written.updates(), totals.updates()));
    table.append(row("deletes", written.deletes(), totals.deletes()));
    table.append(row("all", written.all(), totals.all()));
    if (!lags.isEmpty()) {
      table.append(
          "From commit to listener: p50 %s ms, p99 %s ms.%n"
              .formatted(
                  ChangeLine.millis(lags.percentile(50)), ChangeLine.millis(lags.percentile(99))));
    }
    return table.toString();
  }

  private static String row(String name, Object written, Object received) {
    return String.format(Locale.ROOT, "%-8s%12s%12s%n", name, number(written), number(received));
  }

  private static String number(Object value) {
    return value instanceof Long number
        ? String.format(Locale.ROOT, "%,d", number)
        : value.toString();
  }
}

package io.waltap.chaos;

import io.waltap.chaos.Fault.Group;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes after the end of a fault until the stream is open again, and until a change
 * comes. What another fault interrupts is not counted. Thread-safe.
 */
final class Recoveries {

  private final Map<Group, List<Duration>> streaming = new EnumMap<>(Group.class);
  private final Map<Group, List<Duration>> change = new EnumMap<>(Group.class);
  private @Nullable Group group;
  private long end;
  private boolean awaitsStreaming;
  private boolean awaitsChange;

  /** Something is about to be broken. */
  synchronized void faultBegins() {
    awaitsStreaming = false;
    awaitsChange = false;
  }

  /** It is whole again, as far as the campaign is concerned. */
  synchronized void faultEnded(Fault fault) {
    group = fault.group();
    end = System.nanoTime();
    awaitsStreaming = true;
    awaitsChange = true;
  }

  synchronized void streaming() {
    if (awaitsStreaming) {
      awaitsStreaming = false;
      note(streaming);
    }
  }

  /** A change was written down; first of all, that a consumer opened its file is none. */
  synchronized void change() {
    awaitsStreaming = false; // a change before it: the stream was not lost, or had been found again
    if (awaitsChange) {
      awaitsChange = false;
      note(change);
    }
  }

  private void note(Map<Group, List<Duration>> times) {
    if (group != null) {
      times
          .computeIfAbsent(group, any -> new ArrayList<>())
          .add(Duration.ofNanos(System.nanoTime() - end));
    }
  }

  /** Whether a change has come since the last fault. */
  synchronized boolean isOver() {
    return !awaitsChange;
  }

  synchronized Times untilStreaming(Group group) {
    return Times.of(streaming.getOrDefault(group, List.of()));
  }

  synchronized Times untilChange(Group group) {
    return Times.of(change.getOrDefault(group, List.of()));
  }

  /** Some measured times. */
  record Times(int count, Duration median, Duration p99, Duration max) {

    static Times of(List<Duration> all) {
      if (all.isEmpty()) {
        return new Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO);
      }
      List<Duration> sorted = all.stream().sorted().toList();
      return new Times(
          sorted.size(), at(sorted, 0.5), at(sorted, 0.99), sorted.get(sorted.size() - 1));
    }

    private static Duration at(List<Duration> sorted, double part) {
      return sorted.get((int) Math.ceil(part * sorted.size()) - 1);
    }
  }
}

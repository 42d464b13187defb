package io.waltap.internal.dispatch;

import io.waltap.internal.dispatch.FakeWal.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Parks changes for as long as the test runs. */
final class HeapParking implements Parking {

  private record Letter(Change change, boolean alone) {}

  private final FakeWal wal;
  private final BiConsumer<String, Change> parked;
  private final Map<String, List<Letter>> letters = new HashMap<>();

  /**
   * @param parked is told of each, with the name of its listener
   */
  HeapParking(FakeWal wal, BiConsumer<String, Change> parked) {
    this.wal = wal;
    this.parked = parked;
  }

  @Override
  public boolean parkBehind(String listener, Delivery delivery) {
    Change change = wal.at(delivery.metadata().lsn());
    boolean behind = isBehind(listener, change);
    if (behind) {
      put(listener, change, false);
    }
    return behind;
  }

  @Override
  public void park(
      String listener, Delivery delivery, boolean alone, Throwable cause, int attempts) {
    put(listener, wal.at(delivery.metadata().lsn()), alone);
  }

  private void put(String listener, Change change, boolean alone) {
    synchronized (this) {
      letters.computeIfAbsent(listener, l -> new ArrayList<>()).add(new Letter(change, alone));
    }
    parked.accept(listener, change);
  }

  /** Whether a change must not be delivered. */
  synchronized boolean isBehind(String listener, Change change) {
    return letters.getOrDefault(listener, List.of()).stream()
        .filter(letter -> !letter.alone())
        .map(Letter::change)
        .anyMatch(other -> other.table().equals(change.table()) && change.touches(other.keys()));
  }
}

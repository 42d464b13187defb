package io.waltap.testing;

import io.waltap.event.ChangeEvent;
import io.waltap.listener.ChangeListener;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told, for a test to wait for and look at. */
public final class RecordingListener<T> implements ChangeListener<T> {

  private final List<ChangeEvent<T>> events = new ArrayList<>();

  @Override
  public synchronized void onChange(ChangeEvent<T> event) {
    events.add(event);
  }

  /** What has come so far, in order. */
  public synchronized List<ChangeEvent<T>> events() {
    return List.copyOf(events);
  }

  /** Waits until so many events have come, and gives all. */
  public List<ChangeEvent<T>> await(int count) {
    Await.until(
        count + " events have come (now " + events().size() + ")", () -> events().size() >= count);
    return events();
  }
}

package io.waltap.internal.dispatch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Tasks that a worker took. Others may take those that it has not begun. */
final class Share {

  private final List<Task> tasks;
  private final AtomicInteger begun = new AtomicInteger();

  Share(List<Task> tasks) {
    this.tasks = List.copyOf(tasks);
  }

  /** Begins a task; null if all are begun. */
  @Nullable Task next() {
    int index = begun.getAndIncrement();
    return index < tasks.size() ? tasks.get(index) : null;
  }

  boolean hasNext() {
    return begun.get() < tasks.size();
  }

  /** Takes back all that are not begun. */
  List<Task> rest() {
    List<Task> rest = new ArrayList<>();
    for (Task task = next(); task != null; task = next()) {
      rest.add(task);
    }
    return rest;
  }
}

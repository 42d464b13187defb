package io.waltap.internal.dispatch;

import io.waltap.event.TableId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks may be done at once: each follows the last one before it that touches one of its
 * keys, and one without keys follows all before it of its table, as all after it follow that one.
 * So a task follows earlier ones only, and there is always one that is ready. Guarded by the lane's
 * lock.
 */
final class KeyGraph {

  private final Map<Task.Key, Task> last = new HashMap<>();
  private final Map<TableId, Task> barriers = new HashMap<>();
  private final Deque<Task> ready = new ArrayDeque<>();

  void add(Task task) {
    List<Task.Key> keys = task.keys();
    if (keys.isEmpty()) {
      addBarrier(task);
    } else {
      keys.forEach(key -> follow(task, key));
    }
    if (task.isReady()) {
      ready.add(task);
    }
  }

  private void follow(Task task, Task.Key key) {
    Task before = last.put(key, task);
    if (before == null) {
      before = barriers.get(task.table());
    }
    if (before != null) {
      task.follow(before);
    }
  }

  // The last ones of all keys have all others before them.
  private void addBarrier(Task task) {
    TableId table = task.table();
    Set<Task> before =
        last.entrySet().stream()
            .filter(each -> each.getKey().table().equals(table))
            .map(Map.Entry::getValue)
            .collect(Collectors.toSet());
    last.keySet().removeIf(key -> key.table().equals(table));
    Task barrier = barriers.put(table, task);
    if (barrier != null) {
      before.add(barrier);
    }
    before.forEach(task::follow);
  }

  /** A task is done; those that waited for nothing else are ready. */
  void done(Task task) {
    task.keys().forEach(key -> last.remove(key, task));
    barriers.remove(task.table(), task);
    for (Task follower : task.followers()) {
      if (follower.isReadyWithout()) {
        ready.add(follower);
      }
    }
  }

  int ready() {
    return ready.size();
  }

  @Nullable Task poll() {
    return ready.poll();
  }

  /** Puts tasks back, before all others. */
  void returned(Iterator<Task> tasks) {
    tasks.forEachRemaining(ready::addFirst);
  }
}

package io.waltap.internal.dispatch;

import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.dispatch.Sections.Section;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change that waits in a lane. What it waits for and who follows it are guarded by the lane's
 * lock; the rest belongs to whoever works on it.
 */
final class Task {

  /** Whose order has to be kept. Keys are the same if their texts are. */
  record Key(TableId table, Row row) {}

  private final @Nullable Delivery change;
  private final TableId table;
  private final @Nullable Section section;
  private final int weight;
  private final List<Key> keys;
  private final long since;
  private final List<Task> followers = new ArrayList<>(0);
  private int awaited;
  private volatile boolean finished;
  private volatile boolean followed;
  private int attempts;

  Task(Delivery change, Section section, int weight, long since) {
    this.change = change;
    this.table = change.table();
    this.section = section;
    this.weight = weight;
    this.since = since;
    this.keys = keys(change);
  }

  private Task(TableId table) {
    this.change = null;
    this.table = table;
    this.section = null;
    this.weight = 0;
    this.since = 0;
    this.keys = List.of();
  }

  private static List<Key> keys(Delivery change) {
    Row key = change.key();
    Row previous = change.previousKey();
    if (key == null) {
      return List.of();
    }
    Key own = new Key(change.table(), key);
    return previous == null ? List.of(own) : List.of(own, new Key(change.table(), previous));
  }

  /** One that does nothing, and that no change of the table overtakes. */
  static Task barrier(TableId table) {
    return new Task(table);
  }

  /** What is to be done; null for nothing. */
  @Nullable Delivery change() {
    return change;
  }

  TableId table() {
    return table;
  }

  /** Where it counts; null for nothing to be done. */
  @Nullable Section section() {
    return section;
  }

  int weight() {
    return weight;
  }

  /** When it was taken. */
  long since() {
    return since;
  }

  /** The keys that it touches; empty for all of the table. */
  List<Key> keys() {
    return keys;
  }

  /**
   * Is not ready before another one is done. If that is finished, nobody has to wait; if not, who
   * finishes it will see that somebody does.
   */
  void follow(Task other) {
    other.followed = true;
    if (!other.finished) {
      other.followers.add(this);
      awaited++;
    }
  }

  /**
   * Its listener is through with it. Any thread.
   *
   * @return whether somebody may wait for it
   */
  boolean finish() {
    finished = true;
    return followed;
  }

  boolean isReady() {
    return awaited == 0;
  }

  /** One of those that it follows is done; tells whether it is ready now. */
  boolean isReadyWithout() {
    return --awaited == 0;
  }

  List<Task> followers() {
    return followers;
  }

  /** Counts an attempt, and says which one it is. */
  int attempt() {
    return ++attempts;
  }

  /** How many attempts were counted. */
  int attempts() {
    return attempts;
  }
}

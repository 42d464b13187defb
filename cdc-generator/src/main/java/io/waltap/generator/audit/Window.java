package io.waltap.generator.audit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Some of the ledger's changes in their order, which finds those of a row without a long look. */
final class Window {

  private final List<Expected> changes = new ArrayList<>();

  /** By shape and key; made when something is looked for, which a clean delivery never needs. */
  private @Nullable Map<Shape, Map<List<@Nullable String>, List<Expected>>> rows;

  boolean isEmpty() {
    return changes.isEmpty();
  }

  int size() {
    return changes.size();
  }

  Expected get(int place) {
    return changes.get(place);
  }

  void add(Expected change) {
    changes.add(change);
    if (rows != null) {
      row(rows, change).add(change);
    }
  }

  Expected remove(int place) {
    Expected change = changes.remove(place);
    if (rows != null) {
      row(rows, change).remove(change);
    }
    return change;
  }

  /** Takes out the oldest ones. */
  List<Expected> removeFirst(int count) {
    List<Expected> oldest = changes.subList(0, count);
    List<Expected> removed = List.copyOf(oldest);
    oldest.clear();
    rows = null;
    return removed;
  }

  /**
   * Where the first is that is wanted, of those that may be of the delivered change's row; or -1.
   */
  int place(Delivered change, Predicate<Expected> wanted) {
    int first = -1;
    for (Entry<Shape, Map<List<@Nullable String>, List<Expected>>> entry : rows().entrySet()) {
      Shape shape = entry.getKey();
      if (shape.table().equals(change.table())) {
        int place = place(change, shape, entry.getValue(), wanted);
        first = first < 0 || (place >= 0 && place < first) ? place : first;
      }
    }
    return first;
  }

  private int place(
      Delivered change,
      Shape shape,
      Map<List<@Nullable String>, List<Expected>> ofShape,
      Predicate<Expected> wanted) {
    // What was delivered with another key than the primary one, or with none, may be of any row.
    boolean known = change.key().columns().containsAll(shape.key());
    List<Expected> candidates =
        known ? ofShape.getOrDefault(key(change.key(), shape), List.of()) : changes;
    for (Expected candidate : candidates) {
      if (candidate.shape().equals(shape) && wanted.test(candidate)) {
        return changes.indexOf(candidate);
      }
    }
    return -1;
  }

  private Map<Shape, Map<List<@Nullable String>, List<Expected>>> rows() {
    if (rows == null) {
      Map<Shape, Map<List<@Nullable String>, List<Expected>>> made = new HashMap<>();
      changes.forEach(change -> row(made, change).add(change));
      rows = made;
    }
    return rows;
  }

  private static List<Expected> row(
      Map<Shape, Map<List<@Nullable String>, List<Expected>>> rows, Expected change) {
    return rows.computeIfAbsent(change.shape(), shape -> new HashMap<>())
        .computeIfAbsent(key(change), key -> new ArrayList<>());
  }

  private static List<@Nullable String> key(Expected change) {
    List<@Nullable String> key = new ArrayList<>();
    @Nullable String[] fields = change.present();
    for (String column : change.shape().key()) {
      int index = change.shape().columns().indexOf(column);
      key.add(index < fields.length ? comparable(fields[index]) : null);
    }
    return key;
  }

  private static List<@Nullable String> key(Values delivered, Shape shape) {
    List<@Nullable String> key = new ArrayList<>();
    for (String column : shape.key()) {
      key.add(comparable(delivered.text(delivered.columns().indexOf(column), shape.type(column))));
    }
    return key;
  }

  private static @Nullable String comparable(@Nullable String text) {
    return text == null ? null : RecordText.reducedIfLong(text);
  }
}

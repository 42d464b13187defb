package io.waltap.internal.dispatch;

import io.waltap.event.Lsn;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.internal.decode.RowLayout;
import io.waltap.internal.decode.RowLayout.ColumnShape;
import io.waltap.internal.dispatch.SourceEvent.Begin;
import io.waltap.internal.dispatch.SourceEvent.Commit;
import io.waltap.internal.dispatch.SourceEvent.Idle;
import io.waltap.internal.dispatch.SourceEvent.Message;
import io.waltap.internal.dispatch.SourceEvent.RowChange;
import io.waltap.internal.dispatch.SourceEvent.Shape;
import io.waltap.internal.dispatch.SourceEvent.SnapshotRow;
import io.waltap.internal.dispatch.SourceEvent.StreamStart;
import io.waltap.internal.dispatch.SourceEvent.TableTruncate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A short log of a server, made up, from which a source can start anywhere, any number of times.
 */
final class FakeWal {

  static final TableId ITEM = new TableId("public", "item");
  static final TableId NOTE = new TableId("public", "note"); // has no key
  private static final int KEYS = 3;
  private static final List<Operation> WRITES =
      List.of(Operation.INSERT, Operation.UPDATE, Operation.DELETE);
  private static final List<RowLayout> ITEMS =
      List.of(layout("int4", true), layout("int8", true), layout("int8", true, "more"));
  private static final RowLayout NOTES = layout("int4", false);

  /**
   * A change, known by its position, as no two have the same here.
   *
   * @param transaction in which it was made; 0 for the snapshot
   * @param end the first position at which it is done
   */
  record Change(
      int number, long transaction, SourceEvent event, TableId table, RowLayout layout, Lsn end) {

    Operation operation() {
      if (event instanceof RowChange change) {
        return change.operation();
      }
      return event instanceof SnapshotRow ? Operation.READ : Operation.TRUNCATE;
    }

    /** Its keys; empty for all of the table. */
    List<Row> keys() {
      if (event instanceof SnapshotRow row) {
        return List.of(row.key());
      } else if (event instanceof RowChange change) {
        Row previous = change.previousKey();
        return previous == null ? List.of(change.key()) : List.of(change.key(), previous);
      }
      return List.of();
    }

    /** Whether the two must not change places. */
    boolean isBoundTo(Change other) {
      return table.equals(other.table)
          && (touches(other.keys()) || !layout.equals(other.layout)); // rows have no equal layouts
    }

    boolean touches(List<Row> others) {
      List<Row> keys = keys();
      return keys.isEmpty() || others.isEmpty() || keys.stream().anyMatch(others::contains);
    }

    @Override
    public String toString() {
      return number + ":" + operation() + " " + table.name() + keys();
    }
  }

  private record Entry(SourceEvent event, @Nullable Change change, Lsn end) {}

  private final Random random;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<Lsn, Change> byPosition = new HashMap<>();
  private final Map<Long, Integer> messages = new HashMap<>();
  private final Map<Long, Lsn> ends = new HashMap<>();
  private final Lsn start;
  private long position = 10;
  private RowLayout items = ITEMS.get(0);
  private long transaction;

  FakeWal(Random random) {
    this.random = random;
    int rows = random.nextInt(4);
    this.start = new Lsn(position + rows + 1);
    ends.put(0L, start);
    for (int i = 0; i < rows; i++) {
      Row row = row(items, random.nextInt(KEYS));
      add(new SnapshotRow(ITEM, next(), items.key(row), row), ITEM, start);
    }
    next();
    int transactions = 1 + random.nextInt(6);
    for (int i = 1; i <= transactions; i++) {
      transaction(i);
      if (random.nextInt(4) == 0) {
        Lsn lsn = next();
        entries.add(new Entry(between(lsn), null, lsn));
      }
    }
  }

  private static RowLayout layout(String type, boolean key, String... more) {
    List<ColumnShape> columns = new ArrayList<>();
    columns.add(new ColumnShape("id", type, key));
    columns.add(new ColumnShape("value", "int4", false));
    for (String name : more) {
      columns.add(new ColumnShape(name, "int4", false));
    }
    return RowLayout.of(columns);
  }

  private static Row row(RowLayout layout, int id) {
    @Nullable String[] texts = new @Nullable String[layout.columns().size()];
    texts[0] = Integer.toString(id);
    return layout.row(texts);
  }

  private Lsn next() {
    return new Lsn(++position);
  }

  private SourceEvent between(Lsn lsn) {
    return random.nextBoolean() ? new Idle(lsn) : new Message("m", new byte[1], false, lsn);
  }

  private void transaction(long id) {
    transaction = id;
    int size = random.nextInt(7);
    Lsn end = new Lsn(position + size + 2);
    Begin begin = new Begin(id, new Lsn(end.value() - 1), Instant.EPOCH);
    ends.put(id, end);
    entries.add(new Entry(begin, null, end));
    for (int i = 0; i < size; i++) {
      change(end);
    }
    position = end.value();
    entries.add(new Entry(new Commit(end), null, end));
  }

  private void change(Lsn end) {
    int kind = random.nextInt(24);
    Lsn lsn = next();
    if (kind == 0) {
      entries.add(new Entry(new Message("m", new byte[1], true, lsn), null, end));
      messages.merge(transaction, 1, Integer::sum);
    } else if (kind == 1) {
      add(new TableTruncate(random.nextBoolean() ? ITEM : NOTE, lsn), null, end);
    } else if (kind == 2) {
      items = ITEMS.get(random.nextInt(ITEMS.size()));
      add(update(lsn, ITEM, items, null), ITEM, end);
    } else if (kind < 6) {
      add(update(lsn, ITEM, items, random.nextInt(KEYS)), ITEM, end);
    } else if (kind < 9) {
      Row row = row(NOTES, random.nextInt(KEYS));
      add(new RowChange(Operation.INSERT, NOTE, lsn, NOTES.key(row), null, null, row), NOTE, end);
    } else {
      add(plain(lsn, WRITES.get(random.nextInt(WRITES.size()))), ITEM, end);
    }
  }

  private RowChange plain(Lsn lsn, Operation operation) {
    Row row = row(items, random.nextInt(KEYS));
    Row after = operation == Operation.DELETE ? null : row;
    Row before = operation == Operation.INSERT ? null : row;
    return new RowChange(operation, ITEM, lsn, items.key(row), null, before, after);
  }

  private RowChange update(Lsn lsn, TableId table, RowLayout layout, @Nullable Integer from) {
    Row row = row(layout, random.nextInt(KEYS));
    Row previous = from == null ? row : row(layout, from);
    Row key = layout.key(row);
    Row previousKey = layout.key(previous);
    return new RowChange(
        Operation.UPDATE, table, lsn, key, key.equals(previousKey) ? null : previousKey, null, row);
  }

  private void add(SourceEvent event, @Nullable TableId table, Lsn end) {
    TableId of = table == null ? ((TableTruncate) event).table() : table;
    RowLayout layout = of.equals(ITEM) ? items : NOTES;
    Change change = new Change(changes.size(), transaction, event, of, layout, end);
    changes.add(change);
    byPosition.put(new Lsn(position), change);
    entries.add(new Entry(event, change, end));
  }

  List<Change> changes() {
    return changes;
  }

  Change at(Lsn lsn) {
    return Objects.requireNonNull(byPosition.get(lsn));
  }

  /** How many messages a transaction emits. */
  int messages(long transaction) {
    return messages.getOrDefault(transaction, 0);
  }

  /** The boundary behind a transaction; behind the snapshot for 0. */
  Lsn end(long transaction) {
    return Objects.requireNonNull(ends.get(transaction));
  }

  /** The last boundary. */
  Lsn end() {
    for (int i = entries.size() - 1; ; i--) {
      if (!(entries.get(i).event() instanceof Message)) {
        return entries.get(i).end();
      }
    }
  }

  /** What a source sends that starts there; null for a snapshot. */
  List<SourceEvent> from(@Nullable Lsn stored) {
    List<SourceEvent> events = new ArrayList<>();
    Map<TableId, RowLayout> announced = new HashMap<>();
    boolean started = false;
    if (stored != null) {
      events.add(new StreamStart(stored));
      started = true;
    }
    for (Entry entry : entries) {
      if (stored != null && entry.end().compareTo(stored) <= 0) {
        continue;
      }
      if (!started && !(entry.event() instanceof SnapshotRow)) {
        events.add(new StreamStart(start));
        started = true;
      }
      Change change = entry.change();
      if (change != null
          && !change.layout().equals(announced.put(change.table(), change.layout()))) {
        events.add(new Shape(change.table(), change.layout()));
      }
      events.add(entry.event());
    }
    return events;
  }
}

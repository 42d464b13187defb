package io.waltap.internal.dispatch;

import io.waltap.event.ChangeEvent;
import io.waltap.event.Operation;
import io.waltap.event.Row;
import io.waltap.event.TableId;
import io.waltap.event.Transaction;
import io.waltap.internal.dispatch.FakeWal.Change;
import io.waltap.internal.dispatch.Subscription.Scope;
import io.waltap.internal.dispatch.Subscription.Target;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.FailureHandler.Action;
import io.waltap.table.Table;
import java.io.Serial;
import java.time.Duration;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;

/** Some listeners of all kinds, each with its witness. */
final class Cast {

  private static final Table<Row> ITEMS = Table.of("public.item");
  private static final Table<Row> NOTES = Table.of("public.note");

  /** What listeners throw. */
  private static final class Refusal extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    Refusal() {
      super("refused", null, false, false);
    }
  }

  private record Part(Witness witness, boolean keyed) {}

  private final FakeWal wal;
  private final Script script;
  private final Random random;
  private final HeapParking parking;
  private final Map<String, Subscription> subscriptions = new LinkedHashMap<>();
  private final Map<String, Part> parts = new LinkedHashMap<>();

  Cast(Random random, FakeWal wal, Script script) {
    this.random = random;
    this.wal = wal;
    this.script = script;
    this.parking = new HeapParking(wal, (name, change) -> parked(name, change));
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      add("listener " + i);
    }
  }

  private void parked(String name, Change change) {
    script.note("%s parks %s", name, change);
    try {
      witness(name).settle(List.of(change));
    } catch (Flaw flaw) {
      script.flawed(flaw);
      throw flaw;
    }
  }

  HeapParking parking() {
    return parking;
  }

  List<Subscription> subscriptions() {
    return List.copyOf(subscriptions.values());
  }

  List<Witness> witnesses() {
    return parts.values().stream().map(Part::witness).toList();
  }

  int queues() {
    return parts.size();
  }

  private Witness witness(String name) {
    return Objects.requireNonNull(parts.get(name)).witness();
  }

  private void add(String name) {
    int kind = random.nextInt(6);
    List<Table<?>> tables =
        switch (random.nextInt(4)) {
          case 0 -> List.of(NOTES);
          case 1 -> List.of(ITEMS, NOTES);
          default -> List.of(ITEMS);
        };
    int most = 1 + random.nextInt(4);
    int workers = kind > 2 ? 1 + random.nextInt(8) : 0;
    Target target =
        switch (kind) {
          case 0 -> new Target.Transactions(piece -> transaction(name, piece, most));
          case 1 -> new Target.Batches(changes -> batch(name, changes, most));
          default -> new Target.Each(change -> change(name, change));
        };
    Set<Operation> operations = EnumSet.allOf(Operation.class);
    if (random.nextInt(4) == 0) {
      operations.remove(List.copyOf(operations).get(random.nextInt(operations.size())));
    }
    Duration within =
        List.of(Duration.ZERO, Duration.ofNanos(100_000), Duration.ofHours(1))
            .get(random.nextInt(3));
    Subscription subscription =
        Subscription.of(name, Scope.NAMED, tables, target)
            .withWorkers(workers)
            .withMost(most, within)
            .withOperations(operations);
    if (random.nextInt(5) > 0) {
      subscription = subscription.withHandler(handler(name, workers > 0, kind > 0));
    }
    subscriptions.put(name, subscription);
    List<TableId> ids = tables.stream().<TableId>map(Table::id).toList();
    Witness witness =
        new Witness(
            name,
            wal,
            parking,
            change -> ids.contains(change.table()) && operations.contains(change.operation()),
            Math.max(1, workers),
            workers > 0);
    parts.put(name, new Part(witness, workers > 0));
  }

  private void change(String name, ChangeEvent<?> event) throws Refusal {
    Witness witness = witness(name);
    List<Change> changes = witness.changes(List.of(event));
    call(name, changes, () -> witness.begin(changes));
  }

  private void batch(String name, List<? extends ChangeEvent<?>> events, int most) throws Refusal {
    Witness witness = witness(name);
    List<Change> changes = witness.changes(events);
    call(
        name,
        changes,
        () -> {
          Flaw.unless(changes.size() <= most, "%s gets too many: %s", name, changes);
          witness.begin(changes);
        });
  }

  private void transaction(String name, Transaction piece, int most) throws Refusal {
    Witness witness = witness(name);
    call(name, witness.changes(piece.changes()), () -> witness.begin(piece, most));
  }

  private void call(String name, List<Change> changes, Runnable begin) throws Refusal {
    Part part = Objects.requireNonNull(parts.get(name));
    try {
      script.called();
      script.note("%s gets %s", name, changes);
      begin.run();
      script.meanwhile(!part.keyed());
      if (script.fails()) {
        throw new Refusal();
      }
      part.witness().accept(changes);
      script.note("%s accepts %s", name, changes);
    } catch (Flaw flaw) {
      script.flawed(flaw);
      throw flaw;
    } finally {
      part.witness().end();
    }
  }

  private FailureHandler handler(String name, boolean keyed, boolean parks) {
    return failure -> {
      script.meanwhile(!keyed);
      int action = script.any(parks ? 12 : 8);
      if (action < 6) {
        return Action.retry(keyed ? Duration.ofNanos(script.any(200_000)) : Duration.ZERO);
      } else if (action == 6) {
        witness(name).settle(witness(name).changes(failure.changes()));
        return Action.skip();
      } else if (action == 7) {
        return Action.stop();
      }
      return action < 11 ? Action.park() : Action.parkAlone();
    };
  }
}

package io.waltap;

import io.waltap.event.Operation;
import io.waltap.internal.dispatch.Subscription;
import io.waltap.internal.dispatch.Subscription.Scope;
import io.waltap.internal.dispatch.Subscription.Target;
import io.waltap.listener.FailureHandler;
import io.waltap.listener.TransactionListener;
import io.waltap.table.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** The listeners of an engine that is being described. Options are those of the last one. */
final class Subscriptions {

  private final List<Subscription> all = new ArrayList<>();

  List<Subscription> all() {
    return List.copyOf(all);
  }

  void add(Table<?> table, Target target) {
    add(table.id().toString(), Scope.NAMED, List.of(table), target);
  }

  void addRest(Target target) {
    add("*", Scope.REST, List.of(), target);
  }

  void addTransactions(TransactionListener listener, List<Table<?>> tables) {
    Scope scope = tables.isEmpty() ? Scope.ALL : Scope.NAMED;
    add("transactions", scope, tables, new Target.Transactions(listener));
  }

  // Names tell listeners apart in dead letters, so they must be the same in each run.
  private void add(String name, Scope scope, List<Table<?>> tables, Target target) {
    long same = all.stream().filter(each -> isCalled(each, name)).count();
    String own = same == 0 ? name : name + " #" + (same + 1);
    all.add(Subscription.of(own, scope, tables, target));
  }

  private static boolean isCalled(Subscription each, String name) {
    return each.name().equals(name) || each.name().startsWith(name + " #");
  }

  void workers(int count) {
    replace(last("workers", "listen or listenAll", Target.Each.class).withWorkers(one(count)));
  }

  void batches(int most, Duration within) {
    if (within.isNegative()) {
      throw new IllegalArgumentException("a change cannot wait for " + within);
    }
    Subscription last = last("batches", "listenInBatches", Target.Batches.class);
    replace(last.withMost(one(most), within));
  }

  void pieces(int most) {
    Subscription last = last("pieces", "onTransaction", Target.Transactions.class);
    replace(last.withMost(one(most), last.within()));
  }

  void onFailure(FailureHandler handler) {
    Objects.requireNonNull(handler, "handler");
    replace(last("onFailure", "all kinds", Target.class).withHandler(handler));
  }

  void only(Set<Operation> operations) {
    replace(last("only", "all kinds", Target.class).withOperations(operations));
  }

  void whenChanged(List<String> columns) {
    if (columns.isEmpty()) {
      throw new IllegalArgumentException("whenChanged(...) needs a column");
    }
    replace(last("whenChanged", "all kinds", Target.class).withChanged(columns));
  }

  private Subscription last(String option, String kind, Class<? extends Target> target) {
    Subscription last = all.isEmpty() ? null : all.get(all.size() - 1);
    if (last == null || !target.isInstance(last.target())) {
      throw new IllegalStateException(
          option + "(...) is said of the listener named just before, for listeners of " + kind);
    }
    return last;
  }

  private void replace(Subscription last) {
    all.set(all.size() - 1, last);
  }

  private static int one(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("the count is at least 1, not " + count);
    }
    return count;
  }
}

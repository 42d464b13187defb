package io.waltap.internal.dispatch;

import io.waltap.event.TableId;
import io.waltap.internal.dispatch.Subscription.Scope;
import io.waltap.internal.dispatch.Subscription.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** One lane for each listener, in the order in which they were given. */
final class Lanes {

  private record Entry(Subscription subscription, Lane lane) {}

  private final List<Entry> entries = new ArrayList<>();
  private final List<Lane> all;
  private final Map<TableId, List<Lane>> byTable = new HashMap<>(); // the dispatching thread's

  Lanes(List<Subscription> subscriptions, Crew crew, long maxBytes) {
    for (Subscription subscription : subscriptions) {
      entries.add(new Entry(subscription, lane(subscription, crew, maxBytes)));
    }
    this.all = entries.stream().map(Entry::lane).toList();
  }

  private static Lane lane(Subscription subscription, Crew crew, long maxBytes) {
    Target target = subscription.target();
    if (target instanceof Target.Each each) {
      return subscription.workers() == 0
          ? new DirectLane(subscription, each, crew)
          : new KeyedLane(subscription, each, crew);
    } else if (target instanceof Target.Connected connected) {
      return new DirectLane(subscription, connected, crew);
    } else if (target instanceof Target.Batches batches) {
      return new BatchLane(subscription, batches, crew);
    } else {
      return new TransactionLane(
          subscription, (Target.Transactions) target, crew, Math.max(maxBytes, 1));
    }
  }

  List<Lane> all() {
    return all;
  }

  /** Who listens to a table. */
  List<Lane> of(TableId table) {
    return byTable.computeIfAbsent(table, this::find);
  }

  private List<Lane> find(TableId table) {
    boolean claimed = entries.stream().anyMatch(e -> e.subscription().claims() && names(e, table));
    Predicate<Entry> wants =
        entry ->
            switch (entry.subscription().scope()) {
              case NAMED -> names(entry, table);
              case REST -> !claimed;
              case ALL -> true;
            };
    return entries.stream().filter(wants).map(Entry::lane).toList();
  }

  private static boolean names(Entry entry, TableId table) {
    return entry.subscription().scope() == Scope.NAMED
        && entry.subscription().tables().stream().anyMatch(each -> each.id().equals(table));
  }

  /**
   * The one of a listener.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  Lane named(String listener) {
    return entries.stream()
        .filter(each -> each.subscription().name().equals(listener))
        .map(Entry::lane)
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("this engine has no listener of " + listener));
  }

  void flush() {
    all.forEach(Lane::flush);
  }

  void urge() {
    all.forEach(Lane::urge);
  }

  void startOver() {
    all.forEach(Lane::startOver);
  }

  void reopen() {
    all.forEach(Lane::reopen);
  }

  boolean areDone() {
    return all.stream().allMatch(Lane::isDone);
  }

  boolean areStill() {
    return all.stream().allMatch(Lane::isStill);
  }
}
